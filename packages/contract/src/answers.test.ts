import assert from 'node:assert/strict';
import { test } from 'node:test';
import ecommpay from 'ecommpay';
import { renderAccepted, renderError, renderFaults } from './answers.ts';
import { secret } from './fixtures/bodies.ts';
import type { ClarificationReason } from './envelope.ts';
import { renderCallback } from './callback.ts';
import type { CallbackView } from './callback.ts';
import { parseJson } from './json.ts';
import { renderOperators } from './operators-list.ts';
import { parseCallback } from './read-callback.ts';
import { vectors } from './fixtures/signature-vectors.ts';
import { signedText, verifyMessage } from './signature.ts';
import { renderStatus, renderUnknownPayment } from './status.ts';

const sum = { amountMinor: 100000, currency: 'KZT' };
const success: CallbackView = {
  projectId: 1234,
  payment: {
    id: 'payment_47',
    status: 'success',
    changedAt: Date.UTC(2024, 11, 7, 19, 8, 45),
    ...sum,
    description: '',
  },
  customerId: 'customer_123',
  operation: {
    id: 47,
    type: 'sale',
    status: 'success',
    changedAt: Date.UTC(2024, 11, 7, 19, 8, 45),
    createdAt: Date.UTC(2024, 11, 7, 19, 8, 5),
    requestId: '1a23456bc7890de',
    initial: sum,
    converted: sum,
    code: '0',
    message: 'Success',
    provider: { id: 12345, paymentId: '123abc123-123' },
  },
  account: { number: '71234567890', type: 'TELE2' },
};
const inSchemaForm = (view: CallbackView): CallbackView => ({
  ...view,
  ...(view.clarification && { clarification: { ...view.clarification, form: 'schema' } }),
});
const wait: CallbackView = {
  ...success,
  clarification: {
    reason: 'code_wrong',
    form: 'list',
    attemptsLeft: 4,
    expiresAt: Date.UTC(2024, 11, 7, 19, 10),
    resendAllowedAt: Date.UTC(2024, 11, 7, 19, 9),
    resendsLeft: 3,
  },
};
const refund: CallbackView = {
  ...success,
  payment: { ...success.payment, status: 'refunded', amountMinor: 0 },
  operation: { ...success.operation, type: 'refund', id: 48 },
  merchantRefundId: 'refund-1',
};
const printed = vectors.find((vector) => vector.name === 'callback of a success');

function read(text: string): ReturnType<typeof parseCallback> {
  const parsed = parseJson(Buffer.from(text));
  assert.ok(parsed.ok);
  return parseCallback(parsed.value);
}

test('the documented success is rendered member for member, in the documented order', () => {
  assert.equal(JSON.stringify(renderCallback(success)), JSON.stringify(printed?.body));
  assert.equal(
    signedText(renderCallback(success), secret),
    JSON.stringify({ ...printed?.body, signature: printed?.signature }),
  );
});

test('a callback is read back into what it was made of, its signature holding for us and for the public npm package', () => {
  for (const view of [
    success,
    wait,
    refund,
    { ...success, clarification: { reason: 'code_requested', form: 'list' } as const },
  ]) {
    const text = signedText(renderCallback(view), secret);
    assert.deepEqual(read(text), { ok: true, value: view });
    assert.equal(text.includes('\n'), false);
    const body = JSON.parse(text) as { signature: string };
    assert.equal(verifyMessage(body, body.signature, secret), true);
    assert.equal(new ecommpay.Callback(secret, text).getPaymentId(), 'payment_47');
  }
});

test('what asks for a code names the field and says what is known', () => {
  const body = renderCallback(wait);
  assert.deepEqual(body.clarification_fields, { additional_data: ['approval_code'] });
  assert.deepEqual(body.clarification_info, {
    reason: 'code_wrong',
    attempts_left: 4,
    expires_at: '2024-12-07T19:10:00+0000',
    resend_allowed_at: '2024-12-07T19:09:00+0000',
    resends_left: 3,
  });
  assert.deepEqual(
    renderCallback({ ...success, clarification: { reason: 'enter_again', form: 'list' } }).clarification_info,
    {
      reason: 'enter_again',
    },
  );
});

test('in schema form it says what was wrong with the last code, and where to answer stays the same', () => {
  const fieldsFor = (reason: ClarificationReason) => {
    const body = renderCallback({ ...success, clarification: { reason, form: 'schema' } });
    const { clarification_fields: fields } = body as { clarification_fields?: unknown };
    return (fields as { additional_data: Record<string, unknown> }).additional_data;
  };
  const { properties, required, errors, type } = fieldsFor('code_requested');
  assert.deepEqual([type, required, errors], ['object', ['approval_code'], undefined]);
  assert.deepEqual(Object.keys(properties as object), ['approval_code']);
  const property = 'additional_data.approval_code';
  const said = (reason: ClarificationReason) => fieldsFor(reason)['errors'];
  assert.deepEqual(said('code_wrong'), [{ property, message: 'The code is wrong', constraint: 'wrong' }]);
  assert.deepEqual(said('code_expired'), [{ property, message: 'The code has expired', constraint: 'expired' }]);
  assert.deepEqual(said('code_resent'), undefined);
  assert.deepEqual(renderCallback(inSchemaForm(wait)).clarification_info, renderCallback(wait).clarification_info);
});

test('no member is ever null or undefined, however little is known', () => {
  const bare = {
    ...success,
    payment: { ...success.payment, description: undefined },
    account: { number: '7', type: '' },
    merchantRefundId: undefined,
  };
  const body = renderCallback({
    ...bare,
    clarification: { reason: 'code_requested', form: 'list', attemptsLeft: undefined },
  });
  const text = JSON.stringify(body, (_key, value: unknown) => {
    assert.ok(value !== null && value !== undefined);
    return value;
  });
  assert.deepEqual(JSON.parse(text), body);
  assert.equal(body.payment.description, '');
});

test('a changed callback is a fault, with its field', () => {
  const text = JSON.stringify(renderCallback(success))
    .replace('"0","message"', '"77777","message"')
    .replace('"date":"2024', '"date":"24');
  const parsed = read(text);
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.faults.map(({ field, constraint }) => `${field} ${constraint}`),
    ['payment.date format', 'operation.code enum'],
  );
});

test('status tells every operation in the same words', () => {
  const { operation, merchantRefundId: _, ...rest } = refund;
  const body = renderStatus({ ...rest, operations: [success.operation, operation] });
  assert.deepEqual(body.operations, [renderCallback(success).operation, renderCallback(refund).operation]);
  assert.deepEqual(Object.keys(body), ['project_id', 'payment', 'customer', 'operations', 'account']);
  assert.deepEqual(renderUnknownPayment(1234), {
    project_id: 1234,
    payment: { status: 'error' },
    operations: [],
    errors: [{ code: '3061', message: 'Transaction not found' }],
  });
});

test('synchronous answers', () => {
  assert.deepEqual(renderAccepted({ requestId: 'r', projectId: 1, paymentId: 'P' }), {
    status: 'success',
    request_id: 'r',
    project_id: 1,
    payment_id: 'P',
  });
  assert.deepEqual(renderError({ code: '3261' }), { status: 'error', code: '3261', message: 'Invalid signature' });
  assert.deepEqual(renderError({ code: '3060', message: 'Too early' }), {
    status: 'error',
    code: '3060',
    message: 'Too early',
  });
  const faults = [
    { code: '2004', message: 'payment.amount is required', field: 'payment.amount', constraint: 'required' },
    { code: '3121', message: 'no such currency', field: 'payment.currency', constraint: 'currencyUnknown' },
  ] as const;
  assert.deepEqual(renderFaults(faults), {
    status: 'error',
    code: '2004',
    message: 'Required field not provided',
    errors: faults.map((fault) => ({ ...fault, code: Number(fault.code) })),
  });
  for (const code of ['3060', '3283', '3285'] as const) {
    const telling = { code, message: 'from noon on', field: 'general.payment_id', constraint: 'status' };
    assert.equal(renderFaults([telling, ...faults]).message, 'from noon on');
    assert.equal(renderFaults([...faults, telling]).message, 'Required field not provided');
  }
});

test('operators are a bare list', () => {
  assert.deepEqual(renderOperators([{ code: 'TELE2', name: 'Tele2', country: 'KZ', currencies: ['KZT'] }]), [
    { code: 'TELE2', name: 'Tele2', country: 'KZ', countries: ['KZ'], currencies: ['KZT'] },
  ]);
});
