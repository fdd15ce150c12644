import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';

/**
 * Payments this process committed lately, so that the next step of one need not read it back. Never more than a hint: a
 * commit that was decided on a stale version is refused by the store, and the payment is read again.
 */
export class RecentPayments {
  readonly #payments = new Map<string, Payment>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: PaymentKey): Payment | undefined {
    return this.#payments.get(keyText(key));
  }

  put(payment: Payment): void {
    const key = keyText(payment);
    this.#payments.delete(key);
    this.#payments.set(key, payment);
    if (this.#payments.size <= this.#limit) return;
    const [oldest] = this.#payments.keys();
    if (oldest !== undefined) this.#payments.delete(oldest);
  }

  forget(key: PaymentKey): void {
    this.#payments.delete(keyText(key));
  }
}
