import type { Provider } from '../port.ts';
import { facts, type Method } from './far-side.ts';

const { providerPaymentId, correlator, refundCorrelator, authorizationId, number, code, sum } = facts;
const notices = { url: 'https://platform.example/notices/x/1234/cA/1/token', bearer: 'notice-bearer' };

export interface Outcome {
  readonly kind: string;
  readonly why?: string;
  readonly trouble?: string;
  readonly reason?: string;
  readonly finding?: { readonly status: string };
}

/** Makes one call of the port with the suite's facts. */
export function callOf(
  provider: Provider,
  method: Method,
  { isRepeat = false, sendBeforeMonotonicMs = performance.now() + 60_000 } = {},
): Promise<Outcome> {
  const payment = { providerPaymentId, correlator, number, sendBeforeMonotonicMs };
  switch (method) {
    case 'prepare': {
      const order = { reference: 'order-1', sum, description: 'Two teas', operators: ['KCELL', 'ACTIV'] as const };
      return provider.prepare({ correlator, number, notices, sendBeforeMonotonicMs, ...order }, isRepeat);
    }
    case 'validate':
      return provider.validate({ providerPaymentId, correlator, authorizationId, code, sendBeforeMonotonicMs });
    case 'resend':
      return provider.resend(payment);
    case 'confirm':
      return provider.confirm(payment, isRepeat);
    case 'cancel':
      return provider.cancel(payment);
    case 'refund': {
      const order = { reference: 'order-1', sum, reason: 'Returned', notices };
      return provider.refund({ providerPaymentId, correlator: refundCorrelator, sendBeforeMonotonicMs, ...order });
    }
    case 'lookUp':
      return provider.lookUp({ providerPaymentId, correlator });
    case 'lookUpByCorrelator':
      return provider.lookUp({ providerPaymentId: null, correlator });
    case 'lookUpRefund':
      return provider.lookUpRefund({ providerPaymentId, correlator: refundCorrelator });
  }
}
