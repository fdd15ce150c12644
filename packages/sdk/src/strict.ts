import { randomBytes } from 'node:crypto';
import { signStrict, strictKey, type StrictStamp } from '@rocketpay/contract/strict-signature.ts';

/** Well within the 300 s for which the platform takes a time, so that a repeat still arrives in them. */
const FRESH_FOR_S = 200;

/** Signs one call, try after try. */
export type StrictCall = () => string;

/**
 * Makes the signature that binds a call to its endpoint and time, under a key made of the project's secret.
 *
 * Every try of one call gets the same time and nonce, so that the platform knows the repeat and gives its first answer
 * again; only a call that was kept waiting for minutes gets new ones.
 */
export function strictCalls(secret: string, now: () => number): (path: string, body: string) => StrictCall {
  const key = strictKey(secret);
  return (path, body) => {
    let stamp: StrictStamp | undefined;
    return () => {
      const t = Math.floor(now() / 1_000);
      if (stamp === undefined || Math.abs(t - stamp.t) > FRESH_FOR_S)
        stamp = { t, nonce: randomBytes(18).toString('base64url') };
      return signStrict({ method: 'POST', path, body }, stamp, key);
    };
  };
}
