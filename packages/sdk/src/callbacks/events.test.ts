import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RocketpayError } from '../errors.ts';
import {
  awaitingCustomer,
  codeWanted,
  codeWrong,
  declined,
  paid,
  refundDeclined,
  refunded,
  SECRET,
  signed,
} from '../test-kit/samples.ts';
import { callbacksOf } from './callbacks.ts';

const rules = { projectId: 1234, secrets: [SECRET], callbackSecrets: [], toleranceSeconds: 300, now: Date.now };
const callbacks = callbacksOf(rules);
const untrusted = (error: unknown): boolean =>
  error instanceof RocketpayError && error.outcome === 'untrusted' && !error.retryable;

test('the documented callbacks carry the signatures known for them', () => {
  const known = [
    [paid, 'TrRzu8qnVPcswJE3YdowP6SRwPKqq0owfSbLwiAEbzVR0DXldlh+YG5LSN/WndMYleCGkijoL+oAss37ROuP5w=='],
    [codeWanted, 'pDdYBx8NErCcNKnSPm6bgzp0DoyEYjXAr6PdjIiJHaN3Cm8TRWYlMC9J7DLUm+bA1lWSkcRW+SnvoYQ01w6OrA=='],
  ] as const;
  for (const [body, signature] of known) {
    assert.equal(callbacks.parse(JSON.stringify({ ...body, signature })).payment.id, 'payment_47');
  }
});

test('each callback becomes the event it tells of', () => {
  const kinds = [paid, declined, codeWanted, awaitingCustomer, refunded, refundDeclined].map(
    (body) => callbacks.parse(signed(body)).kind,
  );
  assert.deepEqual(kinds, ['succeeded', 'declined', 'code_wanted', 'awaiting_customer', 'refunded', 'refund_declined']);
});

test('work in progress and unknown statuses are other events', () => {
  const processing = {
    ...paid,
    payment: { ...paid.payment, status: 'processing' },
    operation: { ...paid.operation, status: 'processing' },
  };
  const refunding = { ...refunded, operation: { ...refunded.operation, status: 'processing' } };
  const failed = {
    project_id: 1234,
    payment: { id: 'x', status: 'error' },
    errors: [{ code: '502', message: 'Validation error' }],
  };
  for (const body of [processing, refunding, failed]) assert.equal(callbacks.parse(signed(body)).kind, 'other');
});

test('a wanted code says why, how often, until when', () => {
  const event = callbacks.parse(signed(codeWrong));
  assert.ok(event.kind === 'code_wanted');
  assert.deepEqual(event.clarification, {
    fields: ['additional_data.approval_code'],
    faults: [],
    reason: 'code_wrong',
    attemptsLeft: 3,
    expiresAt: new Date('2024-12-07T19:09:25Z'),
    resendAllowedAt: new Date('2024-12-07T19:09:25Z'),
    resendsLeft: 2,
  });
});

test('what is not known of a wanted code is absent', () => {
  const event = callbacks.parse(signed(codeWanted));
  assert.ok(event.kind === 'code_wanted');
  assert.deepEqual(event.clarification, { fields: ['additional_data.approval_code'], faults: [] });
});

test('the schema form of the wanted fields reads the same, and says what was wrong', () => {
  const schema = {
    additional_data: {
      type: 'object',
      properties: {
        approval_code: { type: 'string' },
        payer: { type: 'object', properties: { age: { type: 'integer' }, $note: { type: 'string' } } },
      },
      required: ['approval_code'],
      errors: [{ property: 'additional_data.approval_code', message: 'Wrong code', constraint: 'code' }],
    },
  };
  const event = callbacks.parse(signed({ ...codeWanted, clarification_fields: schema }));
  assert.ok(event.kind === 'code_wanted');
  assert.deepEqual(event.clarification, {
    fields: ['additional_data.approval_code', 'additional_data.payer.age'],
    faults: [{ field: 'additional_data.approval_code', message: 'Wrong code', constraint: 'code' }],
  });
});

test('a payer who may try again is no decline, and until when is told', () => {
  const event = callbacks.parse(signed(awaitingCustomer));
  assert.ok(event.kind === 'awaiting_customer');
  assert.equal(event.payment.merchantData, 'basket 7');
  assert.deepEqual([event.payment.isNewAttemptAvailable, event.payment.attemptsTimeoutSeconds], [true, 600]);
  assert.deepEqual([event.operation.status, event.operation.code], ['decline', '20105']);
});

test('both secrets prove a callback while a project rotates, a third does not', () => {
  const rotating = callbacksOf({ ...rules, secrets: ['the-new-one', SECRET] });
  assert.equal(rotating.parse(signed(paid)).kind, 'succeeded');
  assert.throws(() => callbacksOf({ ...rules, secrets: ['the-new-one', 'another'] }).parse(signed(paid)), untrusted);
});

test('a callback is named by its contents, not by how they are written', () => {
  const body = signed(paid);
  const names = [body, body.replaceAll(',"', ', "'), signed(declined)].map((text) => callbacks.parse(text).id);
  assert.equal(names[0], names[1]);
  assert.notEqual(names[0], names[2]);
  assert.equal(names[0], callbacks.parse(body, { 'webhook-id': 'whatever a replay says' }).id);
});

test('a refund event holds what was returned and what is left', () => {
  const event = callbacks.parse(signed(refunded));
  assert.ok(event.kind === 'refunded');
  assert.deepEqual(event.operation.sum, { amountMinor: 30000, currency: 'KZT' });
  assert.deepEqual(event.payment.sum, { amountMinor: 70000, currency: 'KZT' });
  assert.equal(event.operation.requestId, 'refund-1');
});

test('bytes and text read alike, and the signature may lie in general', () => {
  const { signature, ...body } = JSON.parse(signed(paid)) as typeof paid & { signature: string };
  const inGeneral = JSON.stringify({ ...body, general: { signature } });
  assert.deepEqual(callbacks.parse(Buffer.from(signed(paid))), callbacks.parse(signed(paid)));
  assert.equal(callbacks.parse(inGeneral).kind, 'succeeded');
});

test('an id beyond 2^53 keeps every digit', () => {
  const body = signed({ ...paid, operation: { ...paid.operation, id: '90071992547409931' } });
  const event = callbacks.parse(body.replace('"90071992547409931"', '90071992547409931'));
  assert.equal(event.operation?.id, '90071992547409931');
});

test('nothing forged, foreign or broken gets through', () => {
  const genuine = signed(declined);
  const unsigned = JSON.stringify(paid);
  const bad = {
    tampered: genuine.replace('"decline"', '"success"'),
    unsigned,
    emptySignature: JSON.stringify({ ...paid, signature: '' }),
    otherSecret: genuine.replace(/"signature":"..../, '"signature":"AAAA'),
    signatureNotText: JSON.stringify({ ...paid, signature: { a: 1 } }),
    otherProject: signed({ ...paid, project_id: 4321 }),
    noProject: signed({ payment: paid.payment }),
    list: '[]',
    nothing: '',
    cut: genuine.slice(0, -1),
    deep: '['.repeat(100_000),
  };
  for (const [name, body] of Object.entries(bad)) assert.throws(() => callbacks.parse(body), untrusted, name);
  assert.throws(() => callbacks.parse(new Uint8Array([0xff, 0xfe])), untrusted);
});
