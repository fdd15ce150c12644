import type { FastifyReply } from 'fastify';
import { isWithin } from '../knobs.ts';
import type { Operator } from '../operators.ts';
import { happens, latencyOf } from '../profiles.ts';
import type { Call, Fault } from '../sentinels/sentinel.ts';
import { twistOf } from '../subscribers.ts';
import type { World } from '../world.ts';
import { CamaraError } from './error.ts';

/** The longest that a silent answer keeps its socket. */
const HANG_MS = 120_000;

const MESSAGES = {
  429: ['TOO_MANY_REQUESTS', 'Either out of resource quota or reaching rate limiting.'],
  500: ['INTERNAL', 'Unknown server error.'],
  502: ['BAD_GATEWAY', 'An internal routing problem in the server.'],
  503: ['UNAVAILABLE', 'Service Unavailable.'],
  504: ['TIMEOUT', 'Request timeout exceeded.'],
} as const;

/** Whose call it is. `key` is what a sentinel's failures are counted by. */
interface Concerns {
  readonly call: Call;
  readonly phone: string;
  readonly operator: Operator;
  readonly key: string;
}

/** Keeps the socket open without an answer, until the client goes away. */
function hang(world: World, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  const forget = world.clock.after(HANG_MS, () => raw.destroy());
  raw.once('close', forget);
}

/** What goes wrong with this call: the sentinel's own fault, a switch that is on, or what the profile brings by chance. */
function faultOf(world: World, on: Concerns): Fault | undefined {
  const fault = twistOf(on.phone).faults?.[on.call];
  const over = fault?.times !== undefined && world.store.countFault(`${on.call}:${on.key}`) > fault.times;
  if (fault !== undefined && !over) return fault;
  const switched = world.switches.faultOf(on);
  if (switched !== undefined) return switched;
  const profile = world.profiles.of(on.operator);
  if (isWithin(profile.maintenanceWindow, world.clock.now())) return { done: false, answer: 503 };
  const loses = on.call === 'confirm' && happens(profile.lostAnswerPercent);
  return loses ? { done: true, answer: 'none' } : undefined;
}

/**
 * Does the work of a call and answers it, as late as the profile says, or fails as the number's sentinel, a switch or the
 * profile wants. A refusal of the work itself is answered as it is: a fault hides good answers only.
 */
export function serve(world: World, reply: FastifyReply, on: Concerns, work: () => unknown): void {
  const fault = faultOf(world, on);
  if (fault !== undefined && !fault.done && on.call === 'prepare') world.switches.remember(on.key, on);
  const answer = outcomeOf(reply, fault, work);
  const delayMs = latencyOf(world.profiles.of(on.operator));
  const send = (): void => {
    if (answer === HANGS) hang(world, reply);
    else if (answer === BREAKS) reply.hijack().raw.destroy();
    else reply.send(answer);
  };
  if (delayMs === 0) send();
  else world.clock.after(delayMs, send);
}

const HANGS = Symbol('no answer');
const BREAKS = Symbol('a broken connection');

function outcomeOf(reply: FastifyReply, fault: Fault | undefined, work: () => unknown): unknown {
  try {
    if (fault === undefined) return work();
    if (fault.done) work();
  } catch (error) {
    if (error instanceof CamaraError) return error;
    throw error;
  }
  switch (fault.answer) {
    case 'none':
      return HANGS;
    case 'reset':
      return BREAKS;
    case 'garbage':
      reply.code(200).header('content-type', 'text/html');
      return '<!doctype html><title>Gateway</title><p>The gateway has something else to say.';
    default: {
      const [code, message] = MESSAGES[fault.answer];
      return new CamaraError(fault.answer, code, message);
    }
  }
}

/** Remembers that a correlator's number is deaf, for look-ups of what was never made. */
export function markDeaf(world: World, phone: string, correlator: string | null): void {
  const deaf = twistOf(phone).faults?.look_up !== undefined;
  if (deaf && correlator !== null) world.store.countFault(`deaf:${correlator}`);
}

/**
 * Hangs and answers true when the correlator belongs to a deaf number; or fails as a switch wants that kept the payment from
 * being made and is on for look-ups too.
 */
export function failsLookUp(world: World, reply: FastifyReply, correlator: string): boolean {
  if (world.store.faultCount(`deaf:${correlator}`) > 0) {
    hang(world, reply);
    return true;
  }
  const kept = world.switches.kept(correlator);
  const fault = kept && world.switches.faultOf({ ...kept, call: 'look_up' });
  if (!kept || !fault) return false;
  serve(world, reply, { ...kept, call: 'look_up', key: correlator }, () => []);
  return true;
}
