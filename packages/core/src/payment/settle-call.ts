import type { Classified } from './classified.ts';
import type { SaleOperation } from './payment.ts';
import type { SaleEvent } from './sale-events.ts';
import { saleCell } from './sale-table.ts';

/** The pending call, and the question asked about it, after an event: answered, in doubt, or as they were. */
export function settleCall(
  sale: SaleOperation,
  event: SaleEvent,
  picked: Extract<Classified, { kind: 'row' }>,
): SaleOperation {
  switch (event.type) {
    case 'found': {
      const asked = event.source === 'look_up' ? { ...sale, lookUpAt: null } : sale;
      if (event.source === 'answer' && event.finding.status === 'unclear') return doubted(asked);
      return resolves(sale, event, picked) ? answered(asked) : asked;
    }
    case 'answer_lost':
    case 'lease_expired':
      return doubted(sale);
    case 'deadline_passed':
      // A validation that charges has no end of its own: from here on only the provider's word ends it.
      return picked.row === 'answer_lost'
        ? { ...doubted(sale), deadlineAt: null, openSince: sale.openSince ?? sale.changedAt }
        : doubted(sale);
    case 'code_resent':
      return sale.pendingCall?.attempt === event.attempt ? answered(sale) : sale;
    case 'resend_refused':
      return answered(sale);
    case 'not_sent':
      if (picked.row === 'not_sent_spent') return answered(sale);
      // This confirm did not arrive; where it was a repeat, an earlier one may have: that doubt outlives it.
      return event.call === 'confirm' && event.isRepeat !== false ? doubted(sale) : { ...sale, pendingCall: null };
    default:
      return sale;
  }
}

function answered(sale: SaleOperation): SaleOperation {
  return { ...sale, pendingCall: null, notSent: 0, notSentSince: null };
}

function doubted(sale: SaleOperation): SaleOperation {
  return { ...sale, pendingCall: sale.pendingCall && { ...sale.pendingCall, inDoubt: true } };
}

/** True when a finding says what became of the pending call; a hint, or a word about something else, does not. */
function resolves(
  sale: SaleOperation,
  event: Extract<SaleEvent, { type: 'found' }>,
  { row, source }: Extract<Classified, { kind: 'row' }>,
): boolean {
  if (saleCell(row, sale.state).kind === 'move') return true;
  switch (row) {
    case 'charged':
    case 'charged_other_amount':
    case 'denied':
    case 'cancelled':
    case 'code_resent':
    case 'resend_lost':
      return true;
    case 'still_pending':
      return sale.state === 'awaiting_code';
    case 'in_work':
      return source === 'answer' && event.finding.status === 'in_work';
    default:
      return false;
  }
}
