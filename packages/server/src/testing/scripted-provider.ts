import type { Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { Clock } from '../clock.ts';
import type { Notice, PrepareCall, Provider, RefundCall } from '../providers/port.ts';

type Asked = 'prepare' | 'validate' | 'resend' | 'confirm' | 'cancel' | 'refund' | 'lookUp' | 'lookUpRefund';
type Call<Method extends Asked> = Parameters<Provider[Method]>[0];
type Outcome<Method extends Asked> = Awaited<ReturnType<Provider[Method]>>;
type Answer<Method extends Asked> = (call: Call<Method>) => Outcome<Method> | Promise<Outcome<Method>>;

/** A call that waits until the test answers it. */
export interface Held<Method extends Asked> {
  /** Resolves with the call once it has come. */
  readonly arrived: Promise<Call<Method>>;
  answer(outcome: Outcome<Method>): void;
}

export interface MadeCall {
  readonly method: Asked;
  readonly call: unknown;
  readonly isRepeat: boolean;
}

export interface ScriptedProvider extends Provider {
  /** Everything that was asked of the provider, in order. */
  readonly made: readonly MadeCall[];
  /** The names of the calls made since the test last asked. */
  news(): Asked[];
  /** Answers the next calls of a method, each once; after them it answers as a well-behaved operator. */
  answerNext<Method extends Asked>(method: Method, ...outcomes: (Outcome<Method> | Answer<Method>)[]): void;
  /** How a method answers from now on, where nothing else was said for a call. */
  always<Method extends Asked>(method: Method, outcome: Outcome<Method> | Answer<Method>): void;
  /** Keeps the next call of a method waiting. */
  hold<Method extends Asked>(method: Method): Held<Method>;
  lastPrepare(): PrepareCall;
  lastRefund(): RefundCall;
  answering: boolean;
}

export const inDoubt = { kind: 'in_doubt', why: 'no answer', suspicious: false } as const;
export const notSent = { kind: 'not_sent', why: 'connection refused' } as const;
export const found = (finding: Finding) => ({ kind: 'found', finding }) as const;

/** The operator's name for a payment of ours. */
export const idOf = ({ correlator }: { readonly correlator: string }): string => `op-${correlator.slice(0, 8)}`;

/** What a healthy operator says of a payment that waits for its code. */
export function waiting(call: { readonly correlator: string }, now: number, more: Partial<Finding> = {}): Finding {
  return {
    status: 'pending_code',
    providerPaymentId: idOf(call),
    authorizationId: 'auth-1',
    codeExpiresAt: now + 80_000,
    resendAllowedAt: now + 60_000,
    operator: 'TELE2',
    ...more,
  };
}

/** A provider each of whose calls a test answers; unscripted, it takes every call and is silent about what became of it. */
export function createScriptedProvider(
  clock: Clock,
  traits: Partial<Pick<Provider, 'confirmIsIdempotent' | 'validateCharges'>> = {},
): ScriptedProvider {
  const made: MadeCall[] = [];
  const scripts = new Map<Asked, Answer<Asked>[]>();
  let told = 0;

  const usual: { [Method in Asked]: Answer<Method> } = {
    prepare: (call) => found(waiting(call, clock.now())),
    validate: () => ({ kind: 'accepted' }),
    resend: () => ({
      kind: 'resent',
      facts: { authorizationId: 'auth-2', codeExpiresAt: clock.now() + 80_000, resendAllowedAt: clock.now() + 60_000 },
    }),
    confirm: () => ({ kind: 'accepted' }),
    cancel: () => ({ kind: 'accepted' }),
    refund: (call) => ({
      kind: 'found',
      finding: { status: 'succeeded', providerRefundId: `re-${call.correlator.slice(0, 8)}` },
    }),
    lookUp: () => ({ kind: 'unanswered', why: 'no answer' }),
    lookUpRefund: () => ({ kind: 'unanswered', why: 'no answer' }),
  };

  function scriptOf<Method extends Asked>(method: Method): Answer<Method>[] {
    const script = scripts.get(method) ?? [];
    scripts.set(method, script);
    return script as Answer<Method>[];
  }

  async function asked<Method extends Asked>(
    method: Method,
    call: Call<Method>,
    isRepeat = false,
  ): Promise<Outcome<Method>> {
    made.push({ method, call, isRepeat });
    return (scriptOf(method).shift() ?? usual[method])(call);
  }

  function last<Method extends Asked>(method: Method): Call<Method> {
    const call = made.findLast((each) => each.method === method)?.call;
    if (call === undefined) throw new Error(`there was no ${method}`);
    return call as Call<Method>;
  }

  return {
    id: 1,
    name: 'scripted',
    confirmIsIdempotent: traits.confirmIsIdempotent ?? true,
    validateCharges: traits.validateCharges ?? false,
    prepare: (call, isRepeat) => asked('prepare', call, isRepeat),
    validate: (call) => asked('validate', call),
    resend: (call) => asked('resend', call),
    confirm: (call, isRepeat) => asked('confirm', call, isRepeat),
    cancel: (call) => asked('cancel', call),
    refund: (call) => asked('refund', call),
    lookUp: (by) => asked('lookUp', by),
    lookUpRefund: (by) => asked('lookUpRefund', by),
    readNotice: (body) => (typeof body === 'object' && body !== null && 'about' in body ? (body as Notice) : null),
    async answers() {
      return this.answering;
    },
    close: async () => undefined,

    made,
    answering: true,
    news() {
      const fresh = made.slice(told).map((each) => each.method);
      told = made.length;
      return fresh;
    },
    answerNext(method, ...outcomes) {
      const answers = outcomes.map((outcome) => (typeof outcome === 'function' ? outcome : () => outcome));
      scriptOf(method).push(...(answers as Answer<typeof method>[]));
    },
    always(method, outcome) {
      const answer = typeof outcome === 'function' ? outcome : () => outcome;
      Object.assign(usual, { [method]: answer });
    },
    hold(method) {
      const arrived = Promise.withResolvers<Call<typeof method>>();
      const answered = Promise.withResolvers<Outcome<typeof method>>();
      scriptOf(method).push((call) => {
        arrived.resolve(call);
        return answered.promise;
      });
      return { arrived: arrived.promise, answer: answered.resolve };
    },
    lastPrepare: () => last('prepare'),
    lastRefund: () => last('refund'),
  };
}
