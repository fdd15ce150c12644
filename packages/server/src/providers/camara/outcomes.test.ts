import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { declineCodes } from '@rocketpay/core/payment/decline-reasons.ts';
import { resendOutcome, validateOutcome } from './code-outcomes.ts';
import { prepareOutcome } from './prepare-outcome.ts';
import { refundOutcome } from './refund-outcome.ts';
import { readHttpAnswer, type ReadAnswer } from './refusal.ts';
import { cancelOutcome, confirmOutcome } from './settle-outcomes.ts';

type Read = (answer: ReadAnswer) => { readonly kind: string };

const calls = {
  prepare: (answer) => prepareOutcome(answer, 'c-1', false),
  'repeated prepare': (answer) => prepareOutcome(answer, 'c-1', true),
  validate: validateOutcome,
  resend: resendOutcome,
  confirm: (answer) => confirmOutcome(answer, false),
  'repeated confirm': (answer) => confirmOutcome(answer, true),
  cancel: cancelOutcome,
  refund: (answer) => refundOutcome(answer, 'c-1'),
} as const satisfies Record<string, Read>;

type Call = keyof typeof calls;
const every = Object.keys(calls) as Call[];

/** An outcome in a word or two: `denied limit_day`, `in doubt!` where it is suspicious. */
function spell(call: Call, status: number, body: unknown): string {
  return spellOutcome(calls[call](readHttpAnswer({ kind: 'answered', status, body })));
}

function spellOutcome(outcome: {
  readonly kind: string;
  readonly suspicious?: boolean;
  readonly reason?: string;
  readonly finding?: object;
}): string {
  if (outcome.kind === 'in_doubt') return outcome.suspicious ? 'in doubt!' : 'in doubt';
  if (outcome.finding) return Object.values(outcome.finding).join(' ');
  return [outcome.kind, outcome.reason].filter(Boolean).join(' ');
}

const error = (status: number, code: string | undefined, more: object = {}) => ({
  status,
  code,
  message: 'm',
  ...more,
});

/** Every error CAMARA and the operator link know, for all calls: what is not listed under a call is its default. */
const known: readonly (readonly [number, string])[] = [
  [400, 'INVALID_ARGUMENT'],
  [400, 'INVALID_CREDENTIAL'],
  [400, 'INVALID_TOKEN'],
  [400, 'INVALID_SINK'],
  [400, 'OUT_OF_RANGE'],
  [400, 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID'],
  [400, 'CARRIER_BILLING.INVALID_CODE'],
  [400, 'CARRIER_BILLING.VALIDATION_FAILED'],
  [400, 'CARRIER_BILLING.CODE_EXPIRED'],
  [400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED'],
  [400, 'CARRIER_BILLING.RESEND_TOO_EARLY'],
  [400, 'CARRIER_BILLING.SMS_NOT_DELIVERED'],
  [403, 'CARRIER_BILLING.PAYMENT_DENIED'],
  [403, 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED'],
  [403, 'CARRIER_BILLING_REFUND.REFUND_DENIED'],
  [403, 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND'],
  [404, 'NOT_FOUND'],
  [404, 'IDENTIFIER_NOT_FOUND'],
  [409, 'ALREADY_EXISTS'],
  [409, 'CARRIER_BILLING.PAYMENT_CONFIRMED'],
  [409, 'CARRIER_BILLING.PAYMENT_CANCELLED'],
  [410, 'GONE'],
  [422, 'SERVICE_NOT_APPLICABLE'],
  [422, 'MISSING_IDENTIFIER'],
  [422, 'UNNECESSARY_IDENTIFIER'],
  [422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT'],
  [422, 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED'],
  [422, 'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT'],
  [422, 'CARRIER_BILLING_REFUND.USER_AMOUNT_THRESHOLD_OVERPASSED'],
  [422, 'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS'],
  [422, 'CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH'],
  [422, 'CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH'],
  [418, 'TEAPOT'],
  [403, 'SOMETHING_NEW'],
];

const preparedDenials: Record<string, string> = {
  '400 INVALID_ARGUMENT': 'in doubt',
  '400 INVALID_CREDENTIAL': 'denied no_reason',
  '400 INVALID_TOKEN': 'denied no_reason',
  '400 INVALID_SINK': 'denied no_reason',
  '403 CARRIER_BILLING.PAYMENT_DENIED': 'denied no_reason',
  '404 IDENTIFIER_NOT_FOUND': 'denied unknown_number',
  '422 SERVICE_NOT_APPLICABLE': 'denied service_barred',
  '422 MISSING_IDENTIFIER': 'denied no_reason',
  '422 UNNECESSARY_IDENTIFIER': 'denied no_reason',
  '422 CARRIER_BILLING.UNAUTHORIZED_AMOUNT': 'denied amount_too_large',
  '422 CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED': 'denied limit_day',
};

const expected: Record<Call, { readonly otherwise: string } & Record<string, string>> = {
  prepare: { otherwise: 'in doubt!', ...preparedDenials, 409: 'denied another_payment_open' },
  'repeated prepare': { otherwise: 'in doubt!', ...preparedDenials, 409: 'in doubt' },
  validate: {
    otherwise: 'in doubt',
    '400 INVALID_ARGUMENT': 'code_rejected wrong',
    '400 CARRIER_BILLING.INVALID_CODE': 'code_rejected wrong',
    '400 CARRIER_BILLING.CODE_EXPIRED': 'code_rejected expired',
    '400 ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED': 'code_rejected expired',
    '400 CARRIER_BILLING.INVALID_AUTHORIZATION_ID': 'authorization_changed',
    '400 CARRIER_BILLING.VALIDATION_FAILED': 'denied otp_attempts_exceeded',
    404: 'in doubt!',
  },
  resend: { otherwise: 'resend_refused' },
  confirm: {
    otherwise: 'in doubt',
    '403 CARRIER_BILLING.PAYMENT_DENIED': 'denied no_reason',
    '422 SERVICE_NOT_APPLICABLE': 'denied service_barred',
    422: 'denied no_reason',
    404: 'in doubt!',
  },
  'repeated confirm': { otherwise: 'in doubt', 404: 'in doubt!' },
  cancel: { otherwise: 'in doubt' },
  refund: {
    otherwise: 'in doubt!',
    '400 INVALID_ARGUMENT': 'in doubt',
    '400 INVALID_CREDENTIAL': 'denied refund_failed',
    '400 INVALID_TOKEN': 'denied refund_failed',
    '400 INVALID_SINK': 'denied refund_failed',
    '403 CARRIER_BILLING_REFUND.REFUND_DENIED': 'denied refund_failed',
    '403 CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND': 'denied refund_not_allowed',
    '404 NOT_FOUND': 'denied refund_failed',
    409: 'in doubt',
    '422 CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT': 'denied over_refund',
    '422 CARRIER_BILLING_REFUND.USER_AMOUNT_THRESHOLD_OVERPASSED': 'denied refund_failed',
    '422 CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS': 'denied refund_not_allowed',
    '422 CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH': 'denied refund_failed',
    '422 CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH': 'denied refund_failed',
  },
};

for (const call of every) {
  describe(call, () => {
    for (const [status, code] of known) {
      const row = expected[call];
      const outcome = row[`${status} ${code}`] ?? row[String(status)] ?? row.otherwise;
      test(`${status} ${code}: ${outcome}`, () => assert.equal(spell(call, status, error(status, code)), outcome));
    }

    test('turned away unread: not sent', () => {
      const denialCode = 'limit_day';
      assert.equal(spell(call, 401, error(401, 'UNAUTHENTICATED')), 'not_sent');
      assert.equal(spell(call, 401, null), 'not_sent');
      assert.equal(spell(call, 403, error(403, 'PERMISSION_DENIED', { denialCode })), 'not_sent');
      assert.equal(spell(call, 429, error(429, 'TOO_MANY_REQUESTS', { denialCode })), 'not_sent');
      assert.equal(spell(call, 429, null), 'not_sent');
    });

    test('no plain answer: in doubt', () => {
      for (const status of [200, 201, 202, 203, 204, 206]) {
        const good: Record<string, number> = { validate: 204, confirm: 202, 'repeated confirm': 202, cancel: 202 };
        if (good[call] !== status) assert.equal(spell(call, status, null), 'in doubt', String(status));
      }
      for (const status of [100, 301, 302, 304, 500, 501, 502, 503, 504, 599]) {
        assert.equal(spell(call, status, error(status, 'X', { denialCode: 'limit_day' })), 'in doubt', String(status));
      }
    });

    test('a refusal without a code decides nothing, except on a resend', () => {
      for (const body of [null, [], 'text', {}, error(400, undefined), { code: 'lower case' }, { code: 7 }]) {
        for (const status of [400, 403, 404, 405, 409, 422]) {
          const outcome = spell(call, status, body);
          if (call === 'resend') assert.equal(outcome, 'resend_refused');
          else assert.match(outcome, /^in doubt!?$/);
        }
      }
    });

    test('the line’s own word is kept', () => {
      assert.deepEqual(calls[call](readHttpAnswer({ kind: 'not_sent', why: 'w' })), { kind: 'not_sent', why: 'w' });
      const inDoubt = { kind: 'in_doubt', why: 'w', suspicious: false };
      assert.deepEqual(calls[call](readHttpAnswer({ kind: 'in_doubt', why: 'w' })), inDoubt);
    });
  });
}

test('a denial code wins over the code, and an unknown one is a reason of its own', () => {
  const denials: readonly (readonly [Call, number, string])[] = [
    ['prepare', 403, 'CARRIER_BILLING.PAYMENT_DENIED'],
    ['prepare', 404, 'IDENTIFIER_NOT_FOUND'],
    ['prepare', 409, 'ALREADY_EXISTS'],
    ['repeated prepare', 409, 'ALREADY_EXISTS'],
    ['prepare', 422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT'],
    ['prepare', 403, 'SOMETHING_NEW'],
    ['validate', 400, 'CARRIER_BILLING.VALIDATION_FAILED'],
    ['confirm', 403, 'CARRIER_BILLING.PAYMENT_DENIED'],
    ['confirm', 422, 'SERVICE_NOT_APPLICABLE'],
    ['refund', 403, 'CARRIER_BILLING_REFUND.REFUND_DENIED'],
    ['refund', 422, 'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT'],
  ];
  for (const [call, status, code] of denials) {
    for (const denialCode of ['insufficient_balance', 'trust_credit_active', 'refund_window_over']) {
      assert.ok(denialCode in declineCodes);
      assert.equal(spell(call, status, error(status, code, { denialCode })), `denied ${denialCode}`, `${call} ${code}`);
    }
    assert.equal(spell(call, status, error(status, code, { denialCode: 'bad_moon' })), 'denied unknown_reason');
  }
});

test('a denial code makes no plain no of what is none', () => {
  const denialCode = 'limit_day';
  assert.equal(spell('prepare', 400, error(400, 'INVALID_ARGUMENT', { denialCode })), 'in doubt');
  assert.equal(spell('refund', 400, error(400, 'INVALID_ARGUMENT', { denialCode })), 'in doubt');
  assert.equal(
    spell('repeated confirm', 403, error(403, 'CARRIER_BILLING.PAYMENT_DENIED', { denialCode })),
    'in doubt',
  );
  assert.equal(spell('confirm', 409, error(409, 'CARRIER_BILLING.PAYMENT_CONFIRMED', { denialCode })), 'in doubt');
});

test('good answers', () => {
  assert.equal(spell('validate', 204, null), 'accepted');
  assert.equal(spell('confirm', 202, null), 'accepted');
  assert.equal(spell('repeated confirm', 202, {}), 'accepted');
  assert.equal(spell('cancel', 202, null), 'accepted');
  const amountTransaction = { clientCorrelator: 'c-1' };
  const payment = { paymentId: 'p-1', paymentStatus: 'reserved', amountTransaction };
  assert.equal(spell('prepare', 201, payment), 'reserved p-1');
  assert.equal(spell('prepare', 201, { ...payment, amountTransaction: undefined }), 'reserved p-1');
  assert.equal(spell('prepare', 200, payment), 'in doubt');
  assert.equal(spell('prepare', 201, { paymentStatus: 'reserved' }), 'in doubt');
  assert.equal(spell('prepare', 201, { ...payment, amountTransaction: { clientCorrelator: 'c-2' } }), 'in doubt!');
  const refund = { refundId: 'r-1', refundStatus: 'processing', amountTransaction };
  assert.equal(spell('refund', 201, refund), 'in_work r-1');
  assert.equal(spell('refund', 200, refund), 'in doubt');
  assert.equal(spell('refund', 201, { refundStatus: 'succeeded' }), 'in doubt');
  assert.equal(spell('refund', 201, { ...refund, amountTransaction: { clientCorrelator: 'c-2' } }), 'in doubt!');
});

test('a resend brings new facts, also when it is refused', () => {
  const at = '2026-01-01T00:00:30Z';
  const read = (status: number, body: unknown) => resendOutcome(readHttpAnswer({ kind: 'answered', status, body }));
  assert.deepEqual(read(200, { authorizationId: 'a-2', expiresAt: at, resendsLeft: 1 }), {
    kind: 'resent',
    facts: { authorizationId: 'a-2', codeExpiresAt: Date.parse(at), resendsLeft: 1 },
  });
  assert.deepEqual(read(400, error(400, 'CARRIER_BILLING.RESEND_TOO_EARLY', { nextResendAt: at, resendsLeft: 2 })), {
    kind: 'resend_refused',
    resendAllowedAt: Date.parse(at),
    resendsLeft: 2,
  });
  const spent = { kind: 'resend_refused', resendsLeft: 0 };
  assert.deepEqual(read(403, error(403, 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED')), spent);
  assert.deepEqual(read(404, null), { kind: 'resend_refused' });
});
