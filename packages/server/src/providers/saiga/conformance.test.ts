import { facts, type FarSide, type Said } from '../conformance/far-side.ts';
import { conformanceSuite } from '../conformance/suite.ts';
import type { Notice } from '../port.ts';
import { raw } from '../test-kit/operator.ts';
import { signOf, type Fields } from './fields.ts';
import { createSaigaProvider } from './provider.ts';

const secret = 'saiga-test-secret';
const says = (fields: Fields) => raw(200, new URLSearchParams(fields).toString());
const result = (code: number, more: Fields = {}) => says({ result: String(code), ...more });
const sale = (state: string, more: Fields = {}): Fields => ({
  pay_id: facts.providerPaymentId,
  ext_id: facts.correlator,
  state,
  ...more,
});
const waiting = sale('WAIT_CODE', { session: 'a-1', code_until: '1800014480', resends: '3', net: 'KCELL' });
const waits = {
  status: 'pending_code',
  providerPaymentId: 'p-1',
  authorizationId: 'a-1',
  codeExpiresAt: 1_800_014_480_000,
  resendsLeft: 3,
  operator: 'KCELL',
};
const returning: Fields = { return_id: 'r-1', ext_id: facts.refundCorrelator, state: 'RETURNING' };
const returns = { kind: 'found', finding: { status: 'in_work', providerRefundId: 'r-1' } };
const paid = { amount: '100050', cur: '398' };
const charged = { status: 'charged', sum: { amountMinor: 100_050, currency: 'KZT' } } as const;

const on = (method: Said['method'], name: string, step: ReturnType<typeof raw>, means: object): Said => ({
  name,
  method,
  steps: [step],
  means: { ...means },
});
const signed = (fields: Fields): Fields => ({ ...fields, sign: signOf(fields, secret) });
const done = sale('DONE', paid);

const farSide: FarSide = {
  open: ({ url, timeouts, clock, log }) =>
    createSaigaProvider({ id: 2, name: 'saiga', baseUrl: url, merchant: 'm-1', secret, clock, log, timeouts }),
  good: {
    prepare: { steps: [result(0, waiting)], means: { kind: 'found', finding: waits } },
    validate: { steps: [result(0)], means: { kind: 'accepted' } },
    resend: { steps: [result(0, { session: 'a-2' })], means: { kind: 'resent', facts: { authorizationId: 'a-2' } } },
    confirm: { steps: [result(0)], means: { kind: 'accepted' } },
    cancel: { steps: [result(0)], means: { kind: 'accepted' } },
    refund: { steps: [result(0, returning)], means: returns },
    lookUp: { steps: [result(0, waiting)], means: { kind: 'found', finding: waits } },
    lookUpByCorrelator: { steps: [result(0, waiting)], means: { kind: 'found', finding: waits } },
    lookUpRefund: { steps: [result(0, returning)], means: returns },
  },
  documented: [
    on('prepare', 'no code is wanted', result(0, sale('HELD')), { finding: { status: 'reserved' } }),
    on('prepare', 'no money', result(40), { kind: 'denied', reason: 'insufficient_balance' }),
    on('prepare', 'another one is open', result(44), { kind: 'denied', reason: 'another_payment_open' }),
    on('prepare', 'a wrong signature', result(10), { kind: 'not_sent' }),
    on('prepare', 'its own fault', result(90), { kind: 'in_doubt', trouble: 'server_error' }),
    on('prepare', 'a result nobody knows', result(77), { kind: 'in_doubt', suspicious: true }),
    on('prepare', 'the answer to another call', result(0, { ...waiting, ext_id: 'x' }), { kind: 'in_doubt' }),
    on('validate', 'attempts used up', result(32), { kind: 'denied', reason: 'otp_attempts_exceeded' }),
    on('validate', 'another session', result(33), { kind: 'authorization_changed' }),
    on('resend', 'too early', result(50, { resend_at: '1800014430' }), {
      kind: 'resend_refused',
      resendAllowedAt: 1_800_014_430_000,
    }),
    on('resend', 'no more', result(51), { kind: 'resend_refused', resendsLeft: 0 }),
    on('cancel', 'too late', result(45), { kind: 'in_doubt' }),
    on('refund', 'not possible', result(60), { finding: { status: 'denied', reason: 'refund_not_allowed' } }),
    on('refund', 'made before', result(20), { kind: 'in_doubt' }),
    on('lookUp', 'charged', result(0, done), { finding: charged }),
    on('lookUp', 'charged, another currency', result(0, { ...done, cur: '840' }), { finding: { status: 'unclear' } }),
    on('lookUp', 'failed', result(0, sale('FAIL', { reason: '45' })), {
      finding: { status: 'denied', reason: 'charge_failed' },
    }),
    on('lookUp', 'void', result(0, sale('VOID')), { finding: { status: 'cancelled' } }),
    on('lookUpRefund', 'returned', result(0, { ...returning, state: 'RETURNED' }), {
      finding: { status: 'succeeded' },
    }),
  ],
  required: {
    confirmDenied: result(40),
    correlatorUsed: result(20),
    notFound: result(21),
    refundNotFound: result(21),
    unknownStatus: result(0, sale('DREAMING')),
    otherPayment: result(0, { ...waiting, pay_id: 'p-2' }),
    wrongCode: result(30),
    expiredCode: result(31),
  },
  notices: [
    { name: 'charged', query: signed(done), says: { about: 'sale', finding: charged } as Notice },
    {
      name: 'a state nobody knows',
      query: signed(sale('DREAMING')),
      says: { about: 'sale', finding: { status: 'unclear' } },
    },
    {
      name: 'a refund is done',
      query: signed({ ...returning, state: 'RETURNED' }),
      says: { about: 'refund', correlator: facts.refundCorrelator, finding: { status: 'succeeded' } },
    },
    { name: 'a wrong signature', query: { ...signed(done), amount: '1' }, says: null },
    { name: 'no signature', query: done, says: null },
  ],
  secrets: [secret],
};

conformanceSuite('saiga', farSide);
