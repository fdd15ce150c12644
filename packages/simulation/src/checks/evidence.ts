import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import type { Incident, LoggedEvent } from '@rocketpay/core/payment/decision.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import type { Acknowledged } from '../merchant/merchant.ts';
import type { Arrival } from '../merchant/inbox.ts';
import type { Operator } from '../operator/operator.ts';

/** One payment with all that is stored about it. */
export interface StoredPayment {
  readonly payment: Payment;
  readonly events: readonly LoggedEvent[];
  readonly incidents: readonly Incident[];
  readonly callbacks: readonly CallbackRow[];
}

/** What the checks look at once everything has settled. */
export interface Evidence {
  readonly payments: readonly StoredPayment[];
  readonly operator: Operator;
  readonly arrivals: readonly Arrival[];
  readonly acknowledged: readonly Acknowledged[];
}

/** Reports one broken promise of a payment. */
export type Blame = (says: string, paymentId: string | null) => void;
