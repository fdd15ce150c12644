import type { Refusal } from './decision.ts';
import type { DeclineReason } from './decline-reasons.ts';
import type { Payment, SaleOperation } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import type { Finding, FindingSource } from './sale-events.ts';
import type { SaleRow } from './sale-table.ts';

/** The row of the table an event picks, with the facts that amounts, attempts and times decided. */
export type Classified =
  | {
      readonly kind: 'row';
      readonly row: SaleRow;
      readonly reason?: DeclineReason;
      readonly finding?: Finding;
      readonly source?: FindingSource;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'repeated'; readonly requestId: string }
  | { readonly kind: 'nothing' };

export interface Situation {
  readonly payment: Payment;
  readonly sale: SaleOperation;
  readonly now: number;
  readonly settings: LifecycleSettings;
}

export const nothing: Classified = { kind: 'nothing' };
export const row = (name: SaleRow, reason?: DeclineReason): Classified => ({
  kind: 'row',
  row: name,
  ...(reason && { reason }),
});
/** True once a sale that needs a code has no time left for one; without a deadline it had passed already. */
export function isLate(sale: SaleOperation, now: number): boolean {
  return sale.deadlineAt === null || sale.deadlineAt <= now;
}
