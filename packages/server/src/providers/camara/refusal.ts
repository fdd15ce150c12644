import type { HttpAnswer } from '../call.ts';
import type { InDoubt, NotSent } from '../port.ts';
import { membersOf, textOf, type Members } from './members.ts';

/** A 4xx with CAMARA's error body: the operator's own no, whose meaning depends on the call. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  /** Null where the body holds no readable one: then a gateway may have spoken, not the operator. */
  readonly code: string | null;
  /** The business reason; wins over what `code` says. */
  readonly denialCode: string | null;
  readonly body: Members;
}

/** An answer with its common part decided: what is left is a success, or a refusal to be read per call. */
export type ReadAnswer =
  | { readonly kind: 'good'; readonly status: number; readonly body: unknown }
  | Refusal
  | NotSent
  | InDoubt;

/** Statuses that say the operator never looked at the call. */
const UNREAD_STATUSES: readonly number[] = [401, 429];

/** Decides what means the same for every call. Unknown statuses stay in doubt: a provider's silence is never a no. */
export function readHttpAnswer(answer: HttpAnswer): ReadAnswer {
  if (answer.kind === 'not_sent') return answer;
  if (answer.kind === 'in_doubt') return { ...answer, suspicious: false };
  const { status, body } = answer;
  if (status >= 200 && status < 300) return { kind: 'good', status, body };
  if (status >= 500) return { ...inDoubt(`answer ${status}`), trouble: 'server_error' };
  if (status < 400) return inDoubt(`answer ${status}`);
  const refusal = refusalOf(status, body);
  if (UNREAD_STATUSES.includes(status) || (status === 403 && refusal.code === 'PERMISSION_DENIED')) {
    return { kind: 'not_sent', why: `turned away: ${spell(refusal)}` };
  }
  return refusal;
}

function refusalOf(status: number, body: unknown): Refusal {
  const members = membersOf(body);
  const code = textOf(members['code']);
  return {
    kind: 'refusal',
    status,
    code: code !== null && /^[A-Z][A-Z0-9_.]{0,99}$/.test(code) ? code : null,
    denialCode: textOf(members['denialCode']) || null,
    body: members,
  };
}

export function inDoubt(why: string, suspicious = false): InDoubt {
  return { kind: 'in_doubt', why, suspicious };
}

/** A refusal that decides nothing; asking does. */
export function refusedInDoubt(refusal: Refusal, suspicious = false): InDoubt {
  return inDoubt(`refused: ${spell(refusal)}`, suspicious);
}

/** A success with another status or body than the call's own. */
export function oddSuccess(status: number): InDoubt {
  return inDoubt(`odd answer ${status}`);
}

/** For the log: only the status and the code, since prose may quote numbers. */
export function spell({ status, code }: Refusal): string {
  return `${status} ${code ?? 'without a code'}`;
}
