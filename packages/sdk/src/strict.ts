import { randomBytes } from 'node:crypto';
import { signStrict, strictKey, type StrictStamp } from '@rocketpay/contract/strict-signature.ts';

/** Well within the 300 s for which the platform takes a time, so that a repeat still arrives in them. */
const FRESH_FOR_S = 200;

/** Signs the tries of one call. */
export interface StrictCall {
  /** The header of the next try. */
  sign(): string;
  /** Whether the next try would still be known as a repeat of the first. */
  isSame(): boolean;
}

/**
 * Makes the signature that binds a call to its endpoint and time, under a key made of the project's secret.
 *
 * Every try of a call gets the same time and nonce, so that the platform knows the repeat and gives its first answer
 * again; a call that was kept waiting for minutes gets new ones. So does each try of a call that only reads: an answer
 * from before is not what it wants.
 */
export function strictCalls(
  secret: string,
  now: () => number,
): (path: string, body: string, isRead: boolean) => StrictCall {
  const key = strictKey(secret);
  return (path, body, isRead) => {
    let stamp: StrictStamp | undefined;
    const seconds = (): number => Math.floor(now() / 1_000);
    const isSame = (): boolean => stamp === undefined || Math.abs(seconds() - stamp.t) <= FRESH_FOR_S;
    return {
      isSame,
      sign() {
        if (stamp === undefined || isRead || !isSame())
          stamp = { t: seconds(), nonce: randomBytes(18).toString('base64url') };
        return signStrict({ method: 'POST', path, body }, stamp, key);
      },
    };
  };
}
