import type { Provider, Trouble } from '@rocketpay/server/providers/port.ts';
import { callTimeoutMs } from '@rocketpay/core/payment/rules.ts';
import type { Operator, Refusal } from '../operator/operator.ts';
import type { CallWatch, ChangingCall } from '../checks/call-watch.ts';
import type { Lifeline } from '../world/lifeline.ts';
import type { Delivered, Link } from '../world/link.ts';
import type { Trace } from '../world/trace.ts';

export interface SimulatedProviderParts {
  readonly operator: Operator;
  readonly link: Link;
  readonly watch: CallWatch;
  readonly trace: Trace;
  readonly life: Lifeline;
  readonly monotonicMs: () => number;
}

type Unresolved =
  | { readonly kind: 'not_sent'; readonly why: string; readonly trouble?: Trouble }
  | { readonly kind: 'in_doubt'; readonly why: string; readonly suspicious: boolean; readonly trouble?: Trouble };

const inDoubt = (why: string, suspicious = false): Unresolved => ({ kind: 'in_doubt', why, suspicious });
const refused = ({ why }: Refusal): Unresolved => inDoubt(why, why === 'unknown');

/** The provider's port over the simulated line: what the adapter of the operator link makes of each answer. */
export function createSimulatedProvider(parts: SimulatedProviderParts): Provider {
  const { operator, link, watch, trace, life } = parts;

  async function call<Reply>(
    what: ChangingCall,
    sendBeforeMonotonicMs: number,
    deliver: () => Reply,
  ): Promise<Delivered<Reply>> {
    return life.fence(async () => {
      const delivered = await link.exchange({
        timeoutMs: callTimeoutMs[what.kind],
        maySend: () => {
          const inTime = life.alive && parts.monotonicMs() <= sendBeforeMonotonicMs;
          if (inTime) watch.sent(what);
          return inTime;
        },
        deliver: () => {
          trace.add(
            watch.paymentOf(what.correlator)?.paymentId ?? '',
            `operator takes ${what.kind} ${what.correlator.slice(0, 8)}`,
          );
          return deliver();
        },
      });
      if (life.alive) watch.answered(what, delivered.kind);
      return delivered;
    });
  }

  /** A look-up's answer; now and then it cannot be read, and then it says nothing. */
  async function ask<Found extends { readonly status: string }>(correlator: string, deliver: () => Found) {
    return life.fence(async () => {
      const delivered = await link.exchange({ timeoutMs: callTimeoutMs.look_up, deliver });
      if (delivered.kind !== 'answered') return { kind: 'unanswered', why: delivered.kind } as const;
      if (life.alive) watch.asked(correlator);
      const finding = link.garbles() ? ({ status: 'unclear' } as const) : delivered.reply;
      return { kind: 'found', finding } as const;
    });
  }

  const open = (delivered: { readonly kind: 'not_sent' | 'in_doubt' }): Unresolved =>
    delivered.kind === 'not_sent'
      ? { kind: 'not_sent', why: 'no connection', trouble: 'no_connection' }
      : { ...inDoubt('no answer'), trouble: 'no_answer' };

  return {
    id: 1,
    name: 'simulated',
    confirmIsIdempotent: true,
    validateCharges: false,
    async prepare(order) {
      const { correlator, sendBeforeMonotonicMs } = order;
      const delivered = await call({ kind: 'prepare', correlator }, sendBeforeMonotonicMs, () =>
        operator.prepare(order),
      );
      if (delivered.kind !== 'answered') return open(delivered);
      return delivered.reply.kind === 'refusal' ? refused(delivered.reply) : delivered.reply;
    },
    async validate(order) {
      const correlator = operator.correlatorOf(order.providerPaymentId);
      const delivered = await call({ kind: 'validate', correlator }, order.sendBeforeMonotonicMs, () =>
        operator.validate(order),
      );
      if (delivered.kind !== 'answered') return open(delivered);
      if (delivered.reply.kind !== 'refusal') return delivered.reply;
      return delivered.reply.why === 'authorization' ? { kind: 'authorization_changed' } : refused(delivered.reply);
    },
    async resend({ providerPaymentId, correlator, sendBeforeMonotonicMs }) {
      const delivered = await call({ kind: 'resend', correlator }, sendBeforeMonotonicMs, () =>
        operator.resend(providerPaymentId),
      );
      return delivered.kind === 'answered' ? delivered.reply : open(delivered);
    },
    async confirm(order, isRepeat) {
      const { correlator, sendBeforeMonotonicMs } = order;
      const delivered = await call({ kind: 'confirm', correlator }, sendBeforeMonotonicMs, () =>
        operator.confirm(order),
      );
      if (delivered.kind !== 'answered') return open(delivered);
      if (delivered.reply.kind === 'denied' && isRepeat) return inDoubt('denied on a repeat');
      return delivered.reply.kind === 'refusal' ? refused(delivered.reply) : delivered.reply;
    },
    async cancel({ providerPaymentId, correlator, sendBeforeMonotonicMs }) {
      const delivered = await call({ kind: 'cancel', correlator }, sendBeforeMonotonicMs, () =>
        operator.cancel(providerPaymentId),
      );
      if (delivered.kind !== 'answered') return open(delivered);
      return delivered.reply.kind === 'refusal' ? inDoubt(delivered.reply.why) : delivered.reply;
    },
    async refund(order) {
      const { correlator, sendBeforeMonotonicMs } = order;
      const delivered = await call({ kind: 'refund', correlator }, sendBeforeMonotonicMs, () => operator.refund(order));
      if (delivered.kind !== 'answered') return open(delivered);
      return delivered.reply.kind === 'refusal' ? refused(delivered.reply) : delivered.reply;
    },
    lookUp: (by) => ask(by.correlator, () => operator.lookUp(by)),
    lookUpRefund: (by) => ask(by.correlator, () => operator.lookUpRefund(by)),
    readNotice: () => null,
    answers: async () => true,
    close: async () => undefined,
  };
}
