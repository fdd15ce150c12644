import type { LookUpOutcome, RefundLookUpOutcome } from '../port.ts';
import { idOf, membersOf } from './members.ts';
import { correlatorOf, paymentFinding } from './payment-finding.ts';
import { refundFinding } from './refund-finding.ts';
import { spell, type ReadAnswer } from './refusal.ts';

/** CAMARA's page where none is asked for. */
const PAGE = 10;
const MOST_PAGES = 100;

type Unanswered = { readonly kind: 'unanswered'; readonly why: string };

/** What `GET /payments/{id}` says of that payment. */
export function paymentById(answer: ReadAnswer, providerPaymentId: string): LookUpOutcome {
  if (answer.kind === 'refusal' && answer.status === 404 && answer.code === 'NOT_FOUND') return found('not_found');
  if (answer.kind !== 'good' || answer.status !== 200) return unanswered(answer);
  const finding = paymentFinding(answer.body);
  return finding?.providerPaymentId === providerPaymentId ? { kind: 'found', finding } : unanswered(answer);
}

/**
 * What `GET /payments?clientCorrelator=…` says. An operator that ignores the filter sends a page of other payments: ours
 * may be on it, but its absence proves nothing.
 */
export function paymentByCorrelator(answer: ReadAnswer, correlator: string): LookUpOutcome {
  if (answer.kind !== 'good' || answer.status !== 200 || !Array.isArray(answer.body)) return unanswered(answer);
  if (answer.body.length === 0) return found('not_found');
  const ours: unknown = answer.body.find((payment) => correlatorOf(payment) === correlator);
  if (ours === undefined) return found('unclear');
  const finding = paymentFinding(ours);
  return finding ? { kind: 'found', finding } : unanswered(answer);
}

/**
 * Looks for a refund in a payment's list, by our correlator. `getPage(null)` asks for the list as it comes; where that may
 * have been a first page only, the next ones are asked for until one brings nothing new.
 */
export async function refundByCorrelator(
  getPage: (page: number | null) => Promise<ReadAnswer>,
  correlator: string,
): Promise<RefundLookUpOutcome> {
  const seen = new Set<string>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await getPage(page === 1 ? null : page);
    if (answer.kind !== 'good' || answer.status !== 200 || !Array.isArray(answer.body)) return unanswered(answer);
    const list: readonly unknown[] = answer.body;
    const ours = list.find((refund) => correlatorOf(refund) === correlator);
    if (ours !== undefined) {
      const finding = refundFinding(ours);
      return finding ? { kind: 'found', finding } : unanswered(answer);
    }
    const before = seen.size;
    for (const refund of list) seen.add(idOf(membersOf(refund)['refundId']) ?? '');
    if (list.length < PAGE || seen.size === before) return { kind: 'found', finding: { status: 'not_found' } };
  }
  return { kind: 'unanswered', why: 'too many refunds' };
}

function found(status: 'not_found' | 'unclear'): LookUpOutcome {
  return { kind: 'found', finding: { status } };
}

function unanswered(answer: ReadAnswer): Unanswered {
  if (answer.kind === 'good') return { kind: 'unanswered', why: `odd answer ${answer.status}` };
  return { kind: 'unanswered', why: answer.kind === 'refusal' ? `refused: ${spell(answer)}` : answer.why };
}
