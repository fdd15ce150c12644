import { conformanceSuite } from '../conformance/suite.ts';
import { facts, type FarSide, type Said } from '../conformance/far-side.ts';
import { empty, json } from '../test-kit/operator.ts';
import { createCamaraProvider } from './provider.ts';

const error = (status: number, code: string, more: object = {}) =>
  json(status, { status, code, message: 'm', ...more });
const payment = (paymentStatus: string, more: object = {}) => ({
  paymentId: facts.providerPaymentId,
  paymentStatus,
  amountTransaction: {
    clientCorrelator: facts.correlator,
    paymentAmount: { chargingInformation: { amount: 1000.5, currency: 'KZT' } },
  },
  ...more,
});
const pending = payment('pending_validation', {
  operator: 'KCELL',
  validationInfo: { action: 'validate', authorizationId: 'a-1', expiresAt: '2027-01-15T12:01:20Z', resendsLeft: 3 },
});
const waits = {
  status: 'pending_code',
  providerPaymentId: 'p-1',
  authorizationId: 'a-1',
  codeExpiresAt: Date.UTC(2027, 0, 15, 12, 1, 20),
  resendsLeft: 3,
  operator: 'KCELL',
};
const refund = {
  refundId: 'r-1',
  refundStatus: 'processing',
  amountTransaction: { clientCorrelator: facts.refundCorrelator },
};
const refunded = { kind: 'found', finding: { status: 'in_work', providerRefundId: 'r-1' } };

const prepared = (name: string, body: object, finding: object): Said => ({
  name,
  method: 'prepare',
  steps: [json(201, body)],
  means: { kind: 'found', finding },
});
const looked = (name: string, body: object, finding: object): Said => ({
  name,
  method: 'lookUp',
  steps: [json(200, body)],
  means: { kind: 'found', finding },
});
const denied = (status: number, code: string, denialCode: string | undefined, reason: string): Said => ({
  name: `${status} ${code} ${denialCode ?? ''}`.trim(),
  method: 'prepare',
  steps: [error(status, code, denialCode === undefined ? {} : { denialCode })],
  means: { kind: 'denied', reason },
});

const event = (type: string, data: object) => ({
  id: 'e-1',
  source: '/operators/KCELL',
  specversion: '1.0',
  type: `org.camaraproject.${type}`,
  time: '2027-01-15T12:00:00Z',
  data: { paymentId: 'p-1', status: 'succeeded', description: 'x', ...data },
});

const farSide: FarSide = {
  open: ({ url, timeouts, clock, log }) =>
    createCamaraProvider({
      id: 1,
      name: 'camara',
      baseUrl: url,
      clientId: 'rocketpay',
      clientSecret: 'link-secret',
      clock,
      log,
      timeouts,
    }),
  good: {
    prepare: { steps: [json(201, pending)], means: { kind: 'found', finding: waits } },
    validate: { steps: [empty(204)], means: { kind: 'accepted' } },
    resend: {
      steps: [json(200, { authorizationId: 'a-2' })],
      means: { kind: 'resent', facts: { authorizationId: 'a-2' } },
    },
    confirm: { steps: [empty(202)], means: { kind: 'accepted' } },
    cancel: { steps: [empty(202)], means: { kind: 'accepted' } },
    refund: { steps: [json(201, refund)], means: refunded },
    lookUp: { steps: [json(200, pending)], means: { kind: 'found', finding: waits } },
    lookUpByCorrelator: { steps: [json(200, [pending])], means: { kind: 'found', finding: waits } },
    lookUpRefund: { steps: [json(200, [refund])], means: refunded },
  },
  documented: [
    prepared('no code is wanted', payment('reserved'), { status: 'reserved' }),
    prepared('it is worked on', payment('processing'), { status: 'in_work' }),
    denied(403, 'CARRIER_BILLING.PAYMENT_DENIED', 'insufficient_balance', 'insufficient_balance'),
    denied(404, 'IDENTIFIER_NOT_FOUND', undefined, 'unknown_number'),
    denied(409, 'ALREADY_EXISTS', undefined, 'another_payment_open'),
    denied(422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT', undefined, 'amount_too_large'),
    denied(422, 'SERVICE_NOT_APPLICABLE', 'corporate_line', 'corporate_line'),
    looked('charged', payment('succeeded'), { status: 'charged', sum: { amountMinor: 100_050, currency: 'KZT' } }),
    looked('denied', payment('denied', { denialCode: 'charge_failed' }), { status: 'denied', reason: 'charge_failed' }),
    looked('cancelled', payment('cancelled'), { status: 'cancelled' }),
    {
      name: 'attempts used up',
      method: 'validate',
      steps: [error(400, 'CARRIER_BILLING.VALIDATION_FAILED')],
      means: { kind: 'denied', reason: 'otp_attempts_exceeded' },
    },
    {
      name: 'another authorization id',
      method: 'validate',
      steps: [error(400, 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID')],
      means: { kind: 'authorization_changed' },
    },
    {
      name: 'too early',
      method: 'resend',
      steps: [error(400, 'CARRIER_BILLING.RESEND_TOO_EARLY', { nextResendAt: '2027-01-15T12:00:30Z' })],
      means: { kind: 'resend_refused', resendAllowedAt: Date.UTC(2027, 0, 15, 12, 0, 30) },
    },
    {
      name: 'not any more',
      method: 'cancel',
      steps: [error(409, 'CARRIER_BILLING.PAYMENT_CONFIRMED')],
      means: { kind: 'in_doubt' },
    },
    {
      name: 'a refund that is not possible',
      method: 'refund',
      steps: [error(403, 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND')],
      means: { kind: 'found', finding: { status: 'denied', reason: 'refund_not_allowed' } },
    },
    {
      name: 'a refund that there is already',
      method: 'refund',
      steps: [error(409, 'ALREADY_EXISTS')],
      means: { kind: 'in_doubt' },
    },
  ],
  required: {
    confirmDenied: error(403, 'CARRIER_BILLING.PAYMENT_DENIED', { denialCode: 'insufficient_balance' }),
    correlatorUsed: error(400, 'INVALID_ARGUMENT'),
    notFound: json(200, []),
    refundNotFound: json(200, []),
    unknownStatus: json(200, payment('daydreaming')),
    otherPayment: json(200, { ...pending, paymentId: 'p-2' }),
    wrongCode: error(400, 'CARRIER_BILLING.INVALID_CODE'),
    expiredCode: error(400, 'CARRIER_BILLING.CODE_EXPIRED'),
  },
  notices: [
    {
      name: 'charged',
      body: event('carrier-billing.v0.payment-completed', { amount: 1000.5, currency: 'KZT' }),
      says: {
        about: 'sale',
        finding: { status: 'charged', providerPaymentId: 'p-1', sum: { amountMinor: 100_050, currency: 'KZT' } },
      },
    },
    {
      name: 'an event nobody knows',
      body: event('carrier-billing.v0.payment-forgotten', {}),
      says: { about: 'sale', finding: { status: 'unclear', providerPaymentId: 'p-1' } },
    },
    {
      name: 'a refund is done',
      body: event('carrier-billing-refund.v0.refund-completed', { refundId: 'r-1', clientCorrelator: 'c-2' }),
      says: { about: 'refund', correlator: 'c-2', finding: { status: 'succeeded', providerRefundId: 'r-1' } },
    },
  ],
  secrets: ['link-secret', 'token-1'],
};

conformanceSuite('camara', farSide);
