import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCallback } from '@rocketpay/contract/read-callback.ts';
import { parseJson } from '@rocketpay/contract/json.ts';
import { Rocketpay } from './client.ts';
import { SECRET } from './test-kit/samples.ts';
import { testCallbacks } from './testing.ts';

const { callbacks } = new Rocketpay({ projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' });
const made = testCallbacks({ projectId: 1234, secret: SECRET });
const payment = { paymentId: 'order-1', amountMinor: 5000, currency: 'KZT', phone: '77070000001', operator: 'TELE2' };

test('there is a callback of every kind, and it reads as that kind', () => {
  const kinds = {
    code_wanted: made.codeWanted(payment),
    awaiting_customer: made.awaitingCustomer(payment),
    succeeded: made.succeeded(payment),
    declined: made.declined(payment),
    refunded: made.refunded(payment),
    refund_declined: made.refundDeclined(payment),
    other: made.processing(payment),
  };
  for (const [kind, { body }] of Object.entries(kinds)) {
    const event = callbacks.parse(body);
    assert.equal(event.kind, kind);
    assert.deepEqual([event.payment.id, event.account], ['order-1', { number: '77070000001', operator: 'TELE2' }]);
  }
});

test('those the platform sends today have its very shape', () => {
  for (const { body } of [
    made.codeWanted(payment),
    made.codeWanted({ ...payment, form: 'schema', reason: 'code_wrong' }),
    made.awaitingCustomer(payment),
    made.succeeded(payment),
    made.declined({ ...payment, code: '20104' }),
    made.refunded({ ...payment, refundedMinor: 2000, merchantRefundId: 'r' }),
    made.refundDeclined({ ...payment, code: '3028' }),
  ]) {
    const parsed = parseJson(Buffer.from(body));
    assert.ok(parsed.ok);
    assert.deepEqual(parseCallback(parsed.value).ok, true, body);
  }
});

test('what is told is in the event', () => {
  const date = new Date('2030-01-01T00:00:00Z');
  const declined = callbacks.parse(made.declined({ ...payment, code: '20104', requestId: 'q', date }).body);
  assert.deepEqual(
    [declined.operation?.code, declined.operation?.message, declined.operation?.requestId, declined.payment.date],
    ['20104', 'Password attempts entry exceeded', 'q', date],
  );
  const refunded = callbacks.parse(made.refunded({ ...payment, refundedMinor: 2000, merchantRefundId: 'mine' }).body);
  assert.deepEqual(
    [refunded.payment.status, refunded.payment.sum?.amountMinor, refunded.operation?.sum?.amountMinor],
    ['partially refunded', 3000, 2000],
  );
  assert.equal(refunded.payment.merchantRefundId, 'mine');
  assert.equal(callbacks.parse(made.refunded(payment).body).payment.status, 'refunded');
  const wanted = made.codeWanted({
    ...payment,
    reason: 'code_wrong',
    attemptsLeft: 2,
    expiresAt: date,
    form: 'schema',
  });
  const event = callbacks.parse(wanted.body);
  assert.ok(event.kind === 'code_wanted');
  assert.deepEqual(event.clarification, {
    fields: ['additional_data.approval_code'],
    faults: [{ field: 'additional_data.approval_code', message: 'The code is wrong', constraint: 'wrong' }],
    reason: 'code_wrong',
    attemptsLeft: 2,
    expiresAt: date,
    resendsLeft: 3,
  });
});

test('test callbacks without a project or a secret say so', () => {
  const make = testCallbacks as unknown as (options?: unknown) => unknown;
  assert.throws(() => make(), { name: 'TypeError', message: /^The argument of testCallbacks is missing/ });
  assert.throws(() => make({ projectId: 1234 }), { name: 'TypeError', message: /^secret is missing/ });
  assert.throws(() => make({ secret: 's' }), { name: 'TypeError', message: /^projectId must be a positive integer/ });
});

test('what cannot be told is refused by its name, whatever the callback', () => {
  const { signed, ...kinds } = made as unknown as Record<string, (...told: unknown[]) => unknown>;
  for (const [kind, make] of Object.entries(kinds)) {
    for (const told of [null, 'order-1', 5, []])
      assert.throws(() => make(told), { name: 'TypeError', message: `What ${kind} is told must be an object` });
    assert.throws(() => make({ sentAt: 5 }), { name: 'TypeError', message: 'sentAt must be a valid Date' });
    assert.throws(() => make({ date: null }), { name: 'TypeError', message: 'date must be a valid Date' });
    assert.throws(() => make({ amountMinor: 1.5 }), { name: 'TypeError', message: /^amountMinor must be an integer/ });
    make({ date: undefined, amountMinor: undefined });
  }
  assert.throws(() => signed?.({}, null), { name: 'TypeError', message: 'What signed is told must be an object' });
});
