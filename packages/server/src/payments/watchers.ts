import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import type { Log } from '../log.ts';

export type Watcher = (payment: Payment) => void;

/** Who wants to hear of a payment's changes in this process; those of other processes are seen by asking only. */
export class Watchers {
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns how to hear no more. */
  add(key: PaymentKey, watcher: Watcher): () => void {
    const name = keyText(key);
    const known = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, known.add(watcher));
    return () => {
      known.delete(watcher);
      if (known.size === 0 && this.#watchers.get(name) === known) this.#watchers.delete(name);
    };
  }

  /** After a commit. A watcher that throws harms nobody. */
  tell(payment: Payment): void {
    for (const watcher of this.#watchers.get(keyText(payment)) ?? []) {
      try {
        watcher(payment);
      } catch (error) {
        this.#log.error({ err: error, projectId: payment.projectId }, 'a watcher of a payment failed');
      }
    }
  }
}
