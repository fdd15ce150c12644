import { createHash, timingSafeEqual } from 'node:crypto';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';

interface LiveCode {
  readonly code: string;
  readonly requestId: string;
}

const digest = (code: string): Buffer => createHash('sha256').update(code).digest();

/** Codes on their way to the operator. They live here only, never in the store: after a crash the payer is asked again. */
export class LiveCodes {
  readonly #codes = new Map<string, LiveCode>();

  put(key: PaymentKey, operationNo: number, code: string, requestId: string): void {
    this.#codes.set(place(key, operationNo), { code, requestId });
  }

  get(key: PaymentKey, operationNo: number): LiveCode | undefined {
    return this.#codes.get(place(key, operationNo));
  }

  /** True when the same code is already on its way. */
  repeats(key: PaymentKey, operationNo: number, code: string): boolean {
    const live = this.get(key, operationNo);
    return live !== undefined && timingSafeEqual(digest(live.code), digest(code));
  }

  forget(key: PaymentKey, operationNo: number): void {
    this.#codes.delete(place(key, operationNo));
  }
}

function place({ projectId, paymentKey }: PaymentKey, operationNo: number): string {
  return `${projectId}\n${paymentKey}\n${operationNo}`;
}
