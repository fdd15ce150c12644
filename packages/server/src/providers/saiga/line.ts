import type { Clock } from '../../clock.ts';
import type { ProviderLine } from '../call.ts';
import type { CallTimeouts, InDoubt, NotSent } from '../port.ts';
import { signOf, type Fields } from './fields.ts';

export interface SaigaCall {
  readonly kind: Exclude<keyof CallTimeouts, 'token'>;
  /** The path's last part. */
  readonly action: string;
  readonly fields: Fields;
  readonly sendBeforeMonotonicMs?: number;
}

/** An answer of Saiga's own, whose `result` depends on the call; or what means the same for every call. */
export type SaigaAnswer =
  | { readonly kind: 'answer'; readonly result: number; readonly fields: Fields }
  | NotSent
  | InDoubt;

export interface SaigaLineParts {
  readonly line: ProviderLine;
  readonly basePath: string;
  readonly merchant: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly timeouts: CallTimeouts;
}

/** Saiga never looked at the call: a wrong signature or clock, and its limit of calls. */
const UNREAD_RESULTS: readonly number[] = [10, 11];
/** Saiga's own fault, said with a status of 200. */
const INTERNAL = 90;

export const inDoubt = (why: string, suspicious = false): InDoubt => ({ kind: 'in_doubt', why, suspicious });

/** Makes signed calls: `POST /api/<action>`, form-encoded both ways; every refusal comes as 200 with a `result`. */
export function createSaigaLine(parts: SaigaLineParts): (call: SaigaCall) => Promise<SaigaAnswer> {
  const { line, basePath, merchant, secret, clock, timeouts } = parts;
  return async ({ kind, action, fields, sendBeforeMonotonicMs }) => {
    const unsigned = { ...fields, merchant, ts: String(Math.floor(clock.now() / 1_000)) };
    const answer = await line.call({
      method: 'POST',
      path: `${basePath}/api/${action}`,
      headers: ['content-type', 'application/x-www-form-urlencoded'],
      body: new URLSearchParams({ ...unsigned, sign: signOf(unsigned, secret) }).toString(),
      timeoutMs: timeouts[kind],
      ...(sendBeforeMonotonicMs !== undefined && { deadlineMonotonicMs: sendBeforeMonotonicMs }),
    });
    if (answer.kind === 'not_sent') return answer;
    if (answer.kind === 'in_doubt') return { ...answer, suspicious: false };
    const { status, body } = answer;
    if (status >= 500) return { ...inDoubt(`answer ${status}`), trouble: 'server_error' };
    if (status === 401 || status === 429) return { kind: 'not_sent', why: `turned away: ${status}` };
    if (status !== 200 || body === null) return inDoubt(`odd answer ${status}`);
    const known = body as Fields;
    const result = Number(known['result']);
    if (UNREAD_RESULTS.includes(result)) return { kind: 'not_sent', why: `turned away: result ${result}` };
    if (result === INTERNAL) return { ...inDoubt('result 90'), trouble: 'server_error' };
    return { kind: 'answer', result, fields: known };
  };
}
