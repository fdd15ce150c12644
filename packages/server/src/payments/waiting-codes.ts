import { createHash } from 'node:crypto';
import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Changed } from './engine.ts';

interface Waiting {
  readonly digest: string;
  readonly requestId: string;
  readonly end: Promise<Changed>;
}

/**
 * Codes that are being submitted, and may have to wait for the end of a resend. Of each payment one waits, the newest: sent
 * again it is not a second try, for a wrong one would count as often as the payer pressed; another code takes its place.
 */
export class WaitingCodes {
  readonly #waiting = new Map<string, Waiting>();

  /** `submit` is told whether the code is still the payment's newest. */
  submit(
    key: PaymentKey,
    code: string,
    requestId: string,
    submit: (isNewest: () => boolean) => Promise<Changed>,
  ): Promise<Changed> {
    const name = keyText(key);
    const digest = createHash('sha256').update(code).digest('base64');
    const same = this.#waiting.get(name);
    if (same?.digest === digest) return repeated(same);
    const isNewest = (): boolean => this.#waiting.get(name) === waiting;
    const end = Promise.resolve()
      .then(() => submit(isNewest))
      .finally(() => {
        if (isNewest()) this.#waiting.delete(name);
      });
    const waiting: Waiting = { digest, requestId, end };
    this.#waiting.set(name, waiting);
    return end;
  }
}

async function repeated({ end, requestId }: Waiting): Promise<Changed> {
  const result = await end;
  return result.kind === 'changed' ? { kind: 'repeated', requestId } : result;
}
