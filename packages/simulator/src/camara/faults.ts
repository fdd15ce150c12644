import type { FastifyReply } from 'fastify';
import type { Call } from '../sentinels/sentinel.ts';
import { twistOf } from '../subscribers.ts';
import type { World } from '../world.ts';
import { CamaraError } from './error.ts';

/** The longest that a silent answer keeps its socket. */
const HANG_MS = 120_000;

const MESSAGES = {
  429: ['TOO_MANY_REQUESTS', 'Either out of resource quota or reaching rate limiting.'],
  500: ['INTERNAL', 'Unknown server error.'],
  503: ['UNAVAILABLE', 'Service Unavailable.'],
} as const;

/** Keeps the socket open without an answer, until the client goes away. */
function hang(world: World, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  const forget = world.clock.after(HANG_MS, () => raw.destroy());
  raw.once('close', forget);
}

/**
 * Does the work of a call and answers it, or fails as the number's sentinel says. `key` is what
 * the failures are counted by. A refusal of the work itself is answered as it is: a fault hides
 * good answers only.
 */
export function serve(
  world: World,
  reply: FastifyReply,
  on: { readonly call: Call; readonly phone: string; readonly key: string },
  work: () => unknown,
): void {
  const fault = twistOf(on.phone).faults?.[on.call];
  const counted = `${on.call}:${on.key}`;
  const over = fault?.times !== undefined && world.store.countFault(counted) > fault.times;
  if (fault === undefined || over) {
    reply.send(work());
    return;
  }
  if (fault.done) work();
  if (fault.answer === 'none') {
    hang(world, reply);
    return;
  }
  const [code, message] = MESSAGES[fault.answer];
  throw new CamaraError(fault.answer, code, message);
}

/** Remembers that a correlator's number is deaf, for look-ups of what was never made. */
export function markDeaf(world: World, phone: string, correlator: string | null): void {
  const deaf = twistOf(phone).faults?.look_up !== undefined;
  if (deaf && correlator !== null) world.store.countFault(`deaf:${correlator}`);
}

/** Hangs and answers true when the correlator belongs to a deaf number. */
export function hangIfDeaf(world: World, reply: FastifyReply, correlator: string): boolean {
  if (world.store.faultCount(`deaf:${correlator}`) === 0) return false;
  hang(world, reply);
  return true;
}
