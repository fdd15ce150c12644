import type { Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { LedgerEntry } from '../operator/session.ts';
import type { Blame, Evidence } from './evidence.ts';

const sumOf = (entries: readonly { readonly amountMinor: number }[]): number =>
  entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** The operator's ledger and ours say the same; nothing moved twice. */
export function checkMoney({ payments, operator }: Evidence, blame: Blame): void {
  const books = new Map<string, LedgerEntry[]>();
  for (const entry of operator.ledger) books.set(entry.reference, [...(books.get(entry.reference) ?? []), entry]);
  for (const { payment, incidents } of payments) {
    const accuse = (says: string): void => blame(says, payment.paymentId);
    const entries = books.get(payment.paymentId) ?? [];
    books.delete(payment.paymentId);
    const knowsOtherSum = incidents.some((incident) => incident.kind === 'charged_other_amount');
    for (const sale of payment.sales) checkSale(payment, sale, entries, knowsOtherSum, accuse);
    for (const refund of payment.refunds) checkRefund(refund, entries, accuse);
    checkTotals(payment, entries, accuse);
    const open = [...payment.sales, ...payment.refunds].filter(
      (operation) => !['succeeded', 'declined'].includes(operation.state),
    );
    for (const { operationNo } of open) {
      if (!incidents.some((incident) => incident.operationNo === operationNo))
        accuse(`Operation ${operationNo} never ended, and no incident says so.`);
    }
  }
  for (const [reference] of books) blame('The operator moved money for a payment that is not stored.', reference);
}

/** Entries under a correlator that is nobody's are the only sale's, or the first's. */
const isOf = (entry: LedgerEntry, sale: SaleOperation, payment: Payment): boolean =>
  entry.correlator === sale.correlator ||
  (sale === payment.sales[0] && !payment.sales.some(({ correlator }) => correlator === entry.correlator));

function checkSale(
  payment: Payment,
  sale: SaleOperation,
  entries: readonly LedgerEntry[],
  knowsOtherSum: boolean,
  accuse: (says: string) => void,
): void {
  const charges = entries.filter((entry) => entry.kind === 'charge' && isOf(entry, sale, payment));
  if (charges.length > 1) accuse(`The payer was charged ${charges.length} times for one sale.`);
  const [charge] = charges;
  const reversal = payment.refunds.find(
    (refund) => refund.kind === 'reversal' && refund.saleOperationNo === sale.operationNo,
  );
  if (charge && charge.sum.amountMinor !== payment.sum.amountMinor && !knowsOtherSum)
    accuse('The payer was charged another sum than the sale asked for.');
  if (sale.state === 'succeeded' && !charge) accuse('The sale is told as paid, but the operator charged nothing.');
  if (sale.state === 'succeeded' && reversal) accuse('A sale that succeeded was given back.');
  if (sale.state === 'declined' && charge && !reversal)
    accuse('The sale is declined, but the payer was charged and not given the money back.');
}

function checkRefund(refund: RefundOperation, entries: readonly LedgerEntry[], accuse: (says: string) => void): void {
  const made = entries.filter((entry) => entry.kind === 'refund' && entry.correlator === refund.correlator);
  const name = `${refund.kind} ${refund.operationNo}`;
  if (made.length > 1) accuse(`The ${name} was paid out ${made.length} times.`);
  if (refund.state === 'succeeded' && made.length === 0)
    accuse(`The ${name} is told as done, but the operator paid nothing back.`);
  if (refund.state === 'declined' && made.length > 0) accuse(`The ${name} is declined, but the operator paid it back.`);
  if (made[0] && made[0].sum.amountMinor !== refund.sum.amountMinor)
    accuse(`The ${name} was paid back with another sum.`);
}

function checkTotals(payment: Payment, entries: readonly LedgerEntry[], accuse: (says: string) => void): void {
  const sums = (kind: LedgerEntry['kind']) =>
    sumOf(entries.filter((entry) => entry.kind === kind).map((entry) => entry.sum));
  if (sums('refund') > sums('charge')) accuse(`The operator paid back ${sums('refund')} of ${sums('charge')} charged.`);
  const refunds = payment.refunds.filter((refund) => refund.kind === 'refund');
  const inState = (state: RefundOperation['state']) =>
    sumOf(refunds.filter((refund) => refund.state === state).map((refund) => refund.sum));
  if (payment.refundedMinor !== inState('succeeded'))
    accuse('The returned sum is not the sum of the refunds that succeeded.');
  if (payment.heldMinor !== inState('sending')) accuse('The held sum is not the sum of the refunds on their way.');
  const known = new Set([...payment.sales, ...payment.refunds].map((operation) => operation.correlator));
  const foreign = entries.filter((entry) => !known.has(entry.correlator));
  if (foreign.length > 0) accuse(`The operator has a ${foreign[0]?.kind} under a correlator that is not stored.`);
}
