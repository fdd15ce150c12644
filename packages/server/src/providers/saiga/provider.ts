import { callTimeoutMs } from '@rocketpay/core/payment/rules.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { openProviderLine } from '../call.ts';
import type { CallTimeouts, LookUpOutcome, Notice, PaymentCall, Provider, RefundLookUpOutcome } from '../port.ts';
import { fieldsOf, isSigned, readFields, type Fields } from './fields.ts';
import { createSaigaLine, inDoubt, type SaigaAnswer, type SaigaCall } from './line.ts';
import { codeFactsOf, findingOf, KZT, reasonOf, refundFindingOf } from './meaning.ts';

export interface SaigaOptions {
  readonly id: number;
  readonly name: string;
  readonly baseUrl: string;
  readonly merchant: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections?: number;
  readonly timeouts?: CallTimeouts;
}

const DUPLICATE = 20;
const NOT_FOUND = 21;
const ANSWERS_WITHIN_MS = 2_000;

/**
 * An adapter for Saiga, an aggregator that does not exist: the example of the adapter guide. Its requests are form-encoded
 * and signed field by field, its refusals come with a status of 200, and its notices by GET.
 */
export function createSaigaProvider(options: SaigaOptions): Provider {
  const { id, name, merchant, secret, clock, log, connections, timeouts = callTimeoutMs } = options;
  const { origin, pathname } = new URL(options.baseUrl);
  const basePath = pathname.replace(/\/+$/, '');
  const line = openProviderLine({
    origin,
    monotonicMs: () => clock.monotonicMs(),
    parse: readFields,
    ...(connections !== undefined && { connections }),
  });
  const post = createSaigaLine({ line, basePath, merchant, secret, clock, timeouts });

  /** Logs what settles nothing, on its way through. */
  function told<Outcome extends { readonly kind: string; readonly why?: string }>(
    call: SaigaCall['kind'],
    correlator: string,
    outcome: Outcome,
  ): Outcome {
    const { kind, why } = outcome;
    if (why !== undefined) log.warn({ provider: name, call, correlator, outcome: kind, why }, 'no clear answer');
    return outcome;
  }

  const unknown = ({ result }: { readonly result: number }) => inDoubt(`result ${result}`, true);
  const ofPayment = ({ providerPaymentId }: { readonly providerPaymentId: string }) => ({ pay_id: providerPaymentId });

  async function settle(kind: 'confirm' | 'cancel', action: string, call: PaymentCall): Promise<SaigaAnswer> {
    const { sendBeforeMonotonicMs } = call;
    return post({ kind, action, fields: ofPayment(call), sendBeforeMonotonicMs });
  }

  return {
    id,
    name,
    confirmIsIdempotent: true,
    validateCharges: false,

    async prepare(call) {
      const { correlator, number, sum, notices, reference, description, sendBeforeMonotonicMs } = call;
      if (sum.currency !== 'KZT') return { kind: 'denied', reason: 'charge_failed' };
      const fields = {
        ext_id: correlator,
        // Saiga's numbers have no country code, and it wants to be told the network: our first guess, or none.
        phone: number.slice(1),
        net: call.operators[0] ?? '',
        amount: String(sum.amountMinor),
        cur: KZT,
        order: reference,
        text: description,
        notify: notices.url,
      };
      const answer = await post({ kind: 'prepare', action: 'start', fields, sendBeforeMonotonicMs });
      if (answer.kind !== 'answer') return told('prepare', correlator, answer);
      const { result } = answer;
      if (result === 0) {
        const finding = findingOf(answer.fields);
        const isOurs = answer.fields['ext_id'] === correlator && finding.providerPaymentId !== undefined;
        return isOurs ? { kind: 'found', finding } : told('prepare', correlator, inDoubt('an odd payment', true));
      }
      const reason = reasonOf(result);
      if (reason !== undefined) return { kind: 'denied', reason };
      return told('prepare', correlator, result === DUPLICATE ? inDoubt('ext_id used before') : unknown(answer));
    },

    async validate(call) {
      const { correlator, authorizationId, code, sendBeforeMonotonicMs } = call;
      const fields = { ...ofPayment(call), session: authorizationId, code };
      const answer = await post({ kind: 'validate', action: 'code', fields, sendBeforeMonotonicMs });
      if (answer.kind !== 'answer') return told('validate', correlator, answer);
      switch (answer.result) {
        case 0:
          return { kind: 'accepted' };
        case 30:
          return { kind: 'code_rejected', reason: 'wrong' };
        case 31:
          return { kind: 'code_rejected', reason: 'expired' };
        case 32:
          return { kind: 'denied', reason: 'otp_attempts_exceeded' };
        case 33:
          return { kind: 'authorization_changed' };
        default:
          return told('validate', correlator, unknown(answer));
      }
    },

    async resend(call) {
      const { correlator, sendBeforeMonotonicMs } = call;
      const answer = await post({ kind: 'resend', action: 'again', fields: ofPayment(call), sendBeforeMonotonicMs });
      if (answer.kind !== 'answer') return told('resend', correlator, answer);
      const { resendAllowedAt, resendsLeft } = codeFactsOf(answer.fields);
      if (answer.result === 0) return { kind: 'resent', facts: codeFactsOf(answer.fields) };
      return {
        kind: 'resend_refused',
        ...(resendAllowedAt !== undefined && { resendAllowedAt }),
        ...(answer.result === 51 ? { resendsLeft: 0 } : resendsLeft !== undefined && { resendsLeft }),
      };
    },

    async confirm(call, isRepeat) {
      const answer = await settle('confirm', 'take', call);
      if (answer.kind !== 'answer') return told('confirm', call.correlator, answer);
      if (answer.result === 0) return { kind: 'accepted' };
      const reason = reasonOf(answer.result);
      if (reason !== undefined && !isRepeat) return { kind: 'denied', reason };
      return told('confirm', call.correlator, unknown(answer));
    },

    async cancel(call) {
      const answer = await settle('cancel', 'void', call);
      if (answer.kind !== 'answer') return told('cancel', call.correlator, answer);
      return answer.result === 0 ? { kind: 'accepted' } : told('cancel', call.correlator, unknown(answer));
    },

    async refund(call) {
      const { correlator, sum, notices, reason: text, sendBeforeMonotonicMs } = call;
      const fields = {
        ...ofPayment(call),
        ext_id: correlator,
        amount: String(sum.amountMinor),
        cur: KZT,
        text,
        notify: notices.url,
      };
      const answer = await post({ kind: 'refund', action: 'return', fields, sendBeforeMonotonicMs });
      if (answer.kind !== 'answer') return told('refund', correlator, answer);
      if (answer.result === 0) return { kind: 'found', finding: refundFindingOf(answer.fields) };
      const reason = reasonOf(answer.result);
      if (reason !== undefined) return { kind: 'found', finding: { status: 'denied', reason } };
      return told('refund', correlator, answer.result === DUPLICATE ? inDoubt('ext_id used before') : unknown(answer));
    },

    async lookUp({ providerPaymentId, correlator }): Promise<LookUpOutcome> {
      const fields: Fields = providerPaymentId === null ? { ext_id: correlator } : { pay_id: providerPaymentId };
      const answer = await post({ kind: 'look_up', action: 'status', fields });
      if (answer.kind === 'answer' && answer.result === NOT_FOUND)
        return { kind: 'found', finding: { status: 'not_found' } };
      const isOurs =
        answer.kind === 'answer' &&
        answer.result === 0 &&
        Object.entries(fields).every(([field, value]) => answer.fields[field] === value);
      return isOurs
        ? { kind: 'found', finding: findingOf(answer.fields) }
        : told('look_up', correlator, unanswered(answer));
    },

    async lookUpRefund({ correlator }): Promise<RefundLookUpOutcome> {
      const answer = await post({ kind: 'look_up', action: 'return-status', fields: { ext_id: correlator } });
      if (answer.kind === 'answer' && answer.result === NOT_FOUND)
        return { kind: 'found', finding: { status: 'not_found' } };
      return answer.kind === 'answer' && answer.result === 0 && answer.fields['ext_id'] === correlator
        ? { kind: 'found', finding: refundFindingOf(answer.fields) }
        : told('look_up', correlator, unanswered(answer));
    },

    noticeStyle: { method: 'GET', bearer: false, taken: { status: 200, text: 'OK' } },
    readNotice(_body, query): Notice | null {
      const fields = fieldsOf(query);
      if (!fields || !isSigned(fields, secret)) return null;
      if (fields['return_id'] === undefined) return { about: 'sale', finding: findingOf(fields) };
      return { about: 'refund', correlator: fields['ext_id'] ?? null, finding: refundFindingOf(fields) };
    },

    async answers() {
      const answer = await line.call({
        method: 'GET',
        path: `${basePath}/api/ping`,
        headers: [],
        timeoutMs: ANSWERS_WITHIN_MS,
      });
      return answer.kind === 'answered' && answer.status < 500;
    },
    close: () => line.close(),
  };
}

function unanswered(answer: SaigaAnswer): { readonly kind: 'unanswered'; readonly why: string } {
  return { kind: 'unanswered', why: answer.kind === 'answer' ? `result ${answer.result}` : answer.why };
}
