import { createHash, timingSafeEqual } from 'node:crypto';
import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';

interface LiveCode {
  readonly code: string;
  readonly requestId: string;
  readonly since: number;
}

/** No code lives longer (NIST 800-63B allows ten minutes): what another process has ended is let go by then. */
const LONGEST_LIFE_MS = 600_000;

const digest = (code: string): Buffer => createHash('sha256').update(code).digest();

/** Codes on their way to the operator. They live here only, never in the store: after a crash the payer is asked again. */
export class LiveCodes {
  readonly #codes = new Map<string, LiveCode>();

  /** `now` in epoch milliseconds. */
  put(key: PaymentKey, operationNo: number, code: string, requestId: string, now: number): void {
    const name = place(key, operationNo);
    this.#codes.delete(name);
    this.#codes.set(name, { code, requestId, since: now });
    this.purge(now);
  }

  /** The code that was accepted under this request id; one that was put and then not accepted is none. */
  get(key: PaymentKey, operationNo: number, requestId: string | null): LiveCode | undefined {
    const live = this.#codes.get(place(key, operationNo));
    return live?.requestId === requestId ? live : undefined;
  }

  /** True when the same code is already on its way. */
  repeats(key: PaymentKey, operationNo: number, requestId: string | null, code: string): boolean {
    const live = this.get(key, operationNo, requestId);
    return live !== undefined && timingSafeEqual(digest(live.code), digest(code));
  }

  /** Lets go of what is too old. */
  purge(now: number): void {
    for (const [oldest, { since }] of this.#codes) {
      if (now - since < LONGEST_LIFE_MS) break;
      this.#codes.delete(oldest);
    }
  }

  forget(key: PaymentKey, operationNo: number): void {
    this.#codes.delete(place(key, operationNo));
  }
}

function place(key: PaymentKey, operationNo: number): string {
  return `${keyText(key)}\n${operationNo}`;
}
