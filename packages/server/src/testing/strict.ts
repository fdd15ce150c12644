import { randomUUID } from 'node:crypto';
import { signStrict, strictKey } from '@rocketpay/contract/strict-signature.ts';
import { sandbox, type Body } from './gate-bodies.ts';
import type { Reply, TestPlatform } from './test-platform.ts';

/** A request as it goes over the wire, and as somebody may capture it. */
export interface Captured {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Stamping {
  readonly secret?: string;
  readonly t?: number;
  readonly nonce?: string;
}

/** A request with both signatures: the one in the body is there already. */
export function stamped(platform: TestPlatform, path: string, signed: Body, stamping: Stamping = {}): Captured {
  const { secret = sandbox.secret, t = Math.floor(platform.clock.now() / 1_000), nonce = randomUUID() } = stamping;
  const body = JSON.stringify(signed);
  const header = signStrict({ method: 'POST', path, body }, { t, nonce }, strictKey(secret));
  return { path, body, headers: { 'x-rocketpay-signature': header } };
}

export const send = (platform: TestPlatform, { path, body, headers }: Captured): Promise<Reply> =>
  platform.post(path, body, headers);

/** The reply, with time passing once all who are under way wait for it. */
export async function patiently<Value>(platform: TestPlatform, reply: Promise<Value>): Promise<Value> {
  const over = reply.then(() => true);
  const waiting = async (): Promise<boolean> => {
    await platform.clock.untilSomebodySleeps();
    await platform.quiet();
    return false;
  };
  while (!(await Promise.race([over, waiting()]))) platform.clock.advance(50);
  return reply;
}
