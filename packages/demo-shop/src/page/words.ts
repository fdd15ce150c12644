import type { Order, Refund } from '../orders.ts';

export type Tone = 'wait' | 'ask' | 'good' | 'bad' | 'back';

/** The platform's own word where there is one. */
export function statusWord(order: Order): string {
  if (order.stage === 'not_taken') return 'not accepted';
  if (order.status !== '') return order.status;
  if (order.stage === 'opened') return 'page opened';
  return order.stage === 'sending' ? 'sending' : 'accepted';
}

export function statusTone(order: Order): Tone {
  if (order.stage === 'not_taken' || order.status === 'decline' || order.status === 'error') return 'bad';
  if (['awaiting clarification', 'awaiting customer'].includes(order.status)) return 'ask';
  if (order.status === 'success') return 'good';
  return /refunded|reversed/.test(order.status) ? 'back' : 'wait';
}

const REASONS: Readonly<Record<string, string>> = {
  code_requested: 'The operator sent a code by text message.',
  code_wrong: 'That code was wrong.',
  code_expired: 'That code had expired.',
  code_resent: 'A new code is on its way.',
  resend_failed: 'The operator could not send a new code.',
  enter_again: 'Please enter the code again.',
};

export function clarificationText(order: Order): string {
  const { reason, attemptsLeft } = order.clarification ?? {};
  const why = REASONS[reason ?? ''] ?? 'The operator asks for the code from the text message.';
  return attemptsLeft === undefined
    ? why
    : `${why} ${attemptsLeft === 1 ? '1 attempt is' : `${attemptsLeft} attempts are`} left.`;
}

const REFUND_STATES: Readonly<Record<Refund['state'], string>> = {
  sending: 'on its way to the platform',
  taken: 'in work',
  done: 'returned',
  declined: 'declined',
  not_taken: 'not accepted',
};

export const refundState = (refund: Refund): string => REFUND_STATES[refund.state];
