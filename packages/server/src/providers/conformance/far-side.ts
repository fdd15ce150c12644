import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { CallTimeouts, Notice, Provider } from '../port.ts';
import type { Step } from '../test-kit/operator.ts';

/** The calls of the port, look-ups by what they look for. */
export const methods = [
  'prepare',
  'validate',
  'resend',
  'confirm',
  'cancel',
  'refund',
  'lookUp',
  'lookUpByCorrelator',
  'lookUpRefund',
] as const;
export type Method = (typeof methods)[number];

/** What the suite's calls say: an adapter's far side answers about this payment. */
export const facts = {
  providerPaymentId: 'p-1',
  correlator: 'c0ffee00-0000-4000-8000-000000000001',
  refundCorrelator: 'c0ffee00-0000-4000-8000-000000000002',
  authorizationId: 'a-1',
  number: '77011234567',
  code: '482913',
  sum: { amountMinor: 100_050, currency: 'KZT' },
} as const;

/** An answer of the far side, and what it has to mean. */
export interface Said {
  readonly name: string;
  readonly method: Method;
  /** Whether the call may have been made before; false unless told. */
  readonly isRepeat?: boolean;
  /** One for each request that the call makes. */
  readonly steps: readonly Step[];
  /** As the port has it; members that are left out are not compared. */
  readonly means: Readonly<Record<string, unknown>>;
}

/** What an adapter brings to the suite: how it is made, and how its provider answers. */
export interface FarSide {
  open(parts: {
    readonly url: string;
    readonly timeouts: CallTimeouts;
    readonly clock: Clock;
    readonly log: Log;
  }): Provider;
  /** The good answer of each method; exactly one request each unless `steps` are more. */
  readonly good: Readonly<Record<Method, Omit<Said, 'name' | 'method'>>>;
  /** Documented answers other than the good one. What the suite asks of every adapter is named in `Required`. */
  readonly documented: readonly Said[];
  readonly required: Required;
  readonly notices: readonly {
    readonly name: string;
    readonly body?: unknown;
    readonly query?: Readonly<Record<string, unknown>>;
    /** Null: it is refused, as one whose signature is wrong. */
    readonly says: Notice | null;
  }[];
  /** What may never stand in a log line, besides the number and the code. */
  readonly secrets: readonly string[];
}

/** Answers every provider has in some form; each becomes a test of its own. */
export interface Required {
  /** To a first confirm: a plain no. */
  readonly confirmDenied: Step;
  /** To a prepare whose correlator was used before. */
  readonly correlatorUsed: Step;
  /** To a look-up by correlator: there is no such payment. */
  readonly notFound: Step;
  /** To a look-up of a refund: there is no such refund. */
  readonly refundNotFound: Step;
  /** To a look-up by id: a status that no document knows. */
  readonly unknownStatus: Step;
  /** To a look-up by id: another payment than the one asked for. */
  readonly otherPayment: Step;
  /** To a validate: the wrong code, and the code whose life is over. */
  readonly wrongCode: Step;
  readonly expiredCode: Step;
}
