import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import type { SendCallback } from '../callbacks/callbacks.ts';
import { assertDocumentedCallback } from './documented.ts';

/** What the tests read of a callback's body. */
export interface CallbackBody {
  readonly project_id: number;
  readonly payment: {
    readonly id: string;
    readonly status: string;
    readonly sum: { readonly amount: number; readonly currency: string };
    readonly merchant_refund_id?: string;
    readonly merchant_data?: string;
  };
  readonly operation: {
    readonly id: number;
    readonly type: string;
    readonly status: string;
    readonly code: string;
    readonly request_id: string;
    readonly sum_initial: { readonly amount: number };
    readonly provider: { readonly payment_id: string };
  };
  readonly account: { readonly number: string; readonly type: string };
  readonly clarification_fields?: unknown;
  readonly clarification_info?: {
    readonly reason: string;
    readonly attempts_left?: number;
    readonly expires_at?: string;
    readonly resend_allowed_at?: string;
    readonly resends_left?: number;
  };
  readonly signature: string;
}

export interface Received {
  readonly url: string;
  readonly text: string;
  readonly body: CallbackBody;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordingMerchant {
  readonly send: SendCallback;
  readonly received: readonly Received[];
  /** How the next callbacks are answered; 200 when nothing is said. */
  answerNext(...outcomes: (AttemptOutcome | Promise<AttemptOutcome>)[]): void;
  last(): CallbackBody;
  /** `payment status / operation status code`, and the wish for a code with its reason; of each callback so far. */
  story(): string[];
}

const taken: AttemptOutcome = { kind: 'delivered', status: 200, answerStart: 'OK' };
export const unreachable: AttemptOutcome = { kind: 'connect_error', status: null, answerStart: null };

function tell({ payment, operation, clarification_info: info }: CallbackBody): string {
  const asks = info ? ` ${info.reason}` : '';
  return `${payment.status} / ${operation.type} ${operation.status} ${operation.code}${asks}`;
}

/** The merchant's end of callbacks: writes each down and takes it, unless told otherwise. */
export function createRecordingMerchant(): RecordingMerchant {
  const received: Received[] = [];
  /** Thrown to the test, and not to the platform, which would take it for an attempt that failed. */
  let undocumented: unknown;
  const all = (): Received[] => {
    if (undocumented !== undefined) throw undocumented;
    return received;
  };
  const answers: (AttemptOutcome | Promise<AttemptOutcome>)[] = [];
  return {
    get received() {
      return all();
    },
    send: async (url, text, headers) => {
      try {
        assertDocumentedCallback(text, headers);
      } catch (error) {
        undocumented ??= error;
      }
      received.push({ url, text, body: JSON.parse(text) as CallbackBody, headers });
      return answers.shift() ?? taken;
    },
    answerNext: (...outcomes) => void answers.push(...outcomes),
    last() {
      const last = all().at(-1);
      if (!last) throw new Error('the merchant has received nothing');
      return last.body;
    },
    story: () => all().map(({ body }) => tell(body)),
  };
}
