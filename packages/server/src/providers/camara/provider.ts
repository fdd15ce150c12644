import { callTimeoutMs } from '@rocketpay/core/payment/rules.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { openProviderLine } from '../call.ts';
import type { CallTimeouts, Provider } from '../port.ts';
import { resendOutcome, validateOutcome } from './code-outcomes.ts';
import { paymentByCorrelator, paymentById, refundByCorrelator } from './look-ups.ts';
import { readNotice } from './notices.ts';
import { createOperatorLink, type LinkCall } from './operator-link.ts';
import { prepareOutcome } from './prepare-outcome.ts';
import { refundOutcome } from './refund-outcome.ts';
import { cancelBody, confirmBody, paths, prepareBody, refundBody, validateBody } from './requests.ts';
import { cancelOutcome, confirmOutcome } from './settle-outcomes.ts';
import { createTokenKeeper } from './token.ts';

export interface CamaraOptions {
  /** The number merchants see as `provider.id`. */
  readonly id: number;
  /** The path segment of its notices. */
  readonly name: string;
  /** Where the operator link's paths begin; may hold a path of its own. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The most connections at a time; 128 unless told. */
  readonly connections?: number;
  readonly timeouts?: CallTimeouts;
}

interface Told {
  readonly kind: string;
  readonly why?: string;
  readonly suspicious?: boolean;
}

const ANSWERS_WITHIN_MS = 2_000;

/** A provider that speaks the operator link: CAMARA Carrier Billing with our extensions. */
export function createCamaraProvider(options: CamaraOptions): Provider {
  const { id, name, clientId, clientSecret, clock, log, connections, timeouts = callTimeoutMs } = options;
  const { origin, pathname } = new URL(options.baseUrl);
  const basePath = pathname.replace(/\/+$/, '');
  const line = openProviderLine({
    origin,
    monotonicMs: () => clock.monotonicMs(),
    ...(connections !== undefined && { connections }),
  });
  const tokens = createTokenKeeper({
    line,
    path: `${basePath}/oauth2/token`,
    clientId,
    clientSecret,
    clock,
    log,
    timeoutMs: timeouts.token,
  });
  const link = createOperatorLink({ line, tokens, clock, basePath, timeouts });

  /** Logs an outcome that settles nothing, on its way through; `why` holds no more than statuses and codes. */
  function told<Outcome extends Told>(call: LinkCall['kind'], correlator: string, outcome: Outcome): Outcome {
    const { kind, why, suspicious = false } = outcome;
    if (why !== undefined)
      log.warn({ provider: name, call, correlator, outcome: kind, why, suspicious }, 'no clear answer');
    return outcome;
  }

  return {
    id,
    name,
    confirmIsIdempotent: true,
    validateCharges: false,

    async prepare(call, isRepeat = false) {
      const { correlator, sendBeforeMonotonicMs } = call;
      const body = prepareBody(call, clock.now());
      // Nothing was asked of the provider, and no later try could be: that is an end, not a doubt.
      if (body === null) return { kind: 'denied', reason: 'charge_failed' };
      const answer = await link({ kind: 'prepare', path: paths.prepare, correlator, body, sendBeforeMonotonicMs });
      return told('prepare', correlator, prepareOutcome(answer, correlator, isRepeat));
    },

    async validate(call) {
      const { providerPaymentId, correlator, sendBeforeMonotonicMs } = call;
      const path = paths.validate(providerPaymentId);
      const answer = await link({
        kind: 'validate',
        path,
        correlator,
        body: validateBody(call),
        sendBeforeMonotonicMs,
      });
      return told('validate', correlator, validateOutcome(answer));
    },

    async resend({ providerPaymentId, correlator, sendBeforeMonotonicMs }) {
      const path = paths.resend(providerPaymentId);
      const answer = await link({ kind: 'resend', path, correlator, body: '{}', sendBeforeMonotonicMs });
      return told('resend', correlator, resendOutcome(answer));
    },

    async confirm(call, isRepeat) {
      const { providerPaymentId, correlator, sendBeforeMonotonicMs } = call;
      const path = paths.confirm(providerPaymentId);
      const answer = await link({ kind: 'confirm', path, correlator, body: confirmBody(call), sendBeforeMonotonicMs });
      return told('confirm', correlator, confirmOutcome(answer, isRepeat));
    },

    async cancel(call) {
      const { providerPaymentId, correlator, sendBeforeMonotonicMs } = call;
      const path = paths.cancel(providerPaymentId);
      const answer = await link({ kind: 'cancel', path, correlator, body: cancelBody(call), sendBeforeMonotonicMs });
      return told('cancel', correlator, cancelOutcome(answer));
    },

    async refund(call) {
      const { providerPaymentId, correlator, sendBeforeMonotonicMs } = call;
      const body = refundBody(call, clock.now());
      if (body === null) return { kind: 'found', finding: { status: 'denied', reason: 'refund_failed' } };
      const path = paths.refunds(providerPaymentId);
      const answer = await link({ kind: 'refund', path, correlator, body, sendBeforeMonotonicMs });
      return told('refund', correlator, refundOutcome(answer, correlator));
    },

    async lookUp({ providerPaymentId, correlator }) {
      const kind = 'look_up';
      const outcome =
        providerPaymentId === null
          ? paymentByCorrelator(await link({ kind, path: paths.paymentsBy(correlator), correlator }), correlator)
          : paymentById(await link({ kind, path: paths.payment(providerPaymentId), correlator }), providerPaymentId);
      return told(kind, correlator, outcome);
    },

    async lookUpRefund({ providerPaymentId, correlator }) {
      const kind = 'look_up';
      const endsAtMs = clock.monotonicMs() + timeouts.look_up;
      const list = paths.refunds(providerPaymentId);
      const outcome = await refundByCorrelator((page) => {
        const path = page === null ? list : `${list}?page=${page}`;
        return link({ kind, path, correlator, timeoutMs: Math.max(1, endsAtMs - clock.monotonicMs()) });
      }, correlator);
      return told(kind, correlator, outcome);
    },

    readNotice,

    async answers() {
      if (tokens.current() === null) {
        const inTime = new AbortController();
        const tooLate = clock.sleep(ANSWERS_WITHIN_MS, inTime.signal).then(() => null);
        const token = await Promise.race([tokens.renew(), tooLate]);
        inTime.abort();
        return token !== null;
      }
      // The API itself, unauthorised: at the address's root there may be a page for people, or nothing.
      const path = `${basePath}${paths.paymentsBy('readiness')}`;
      const answer = await line.call({ method: 'GET', path, headers: [], timeoutMs: ANSWERS_WITHIN_MS });
      return answer.kind === 'answered' && answer.status < 500;
    },

    close: () => line.close(),
  };
}
