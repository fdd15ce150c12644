import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentByCorrelator, paymentById, refundByCorrelator } from './look-ups.ts';
import { readHttpAnswer, type ReadAnswer } from './refusal.ts';

const answered = (status: number, body: unknown): ReadAnswer => readHttpAnswer({ kind: 'answered', status, body });
const payment = (paymentId: string, clientCorrelator?: string) => ({
  paymentId,
  paymentStatus: 'reserved',
  amountTransaction: { clientCorrelator },
});
const refund = (number: number, clientCorrelator = `c-${number}`) => ({
  refundId: `r-${number}`,
  refundStatus: 'succeeded',
  amountTransaction: { clientCorrelator },
});
const notFound = { kind: 'found', finding: { status: 'not_found' } };
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => refund(from + at));

test('a payment by its id', () => {
  const reserved = { kind: 'found', finding: { status: 'reserved', providerPaymentId: 'p-1' } };
  assert.deepEqual(paymentById(answered(200, payment('p-1')), 'p-1'), reserved);
  assert.deepEqual(paymentById(answered(404, { status: 404, code: 'NOT_FOUND', message: '' }), 'p-1'), notFound);
});

test('only the operator’s own word is an answer', () => {
  const silent: readonly ReadAnswer[] = [
    answered(404, null),
    answered(404, { code: 'NO_ROUTE' }),
    answered(200, payment('p-2')),
    answered(200, null),
    answered(200, []),
    answered(202, payment('p-1')),
    answered(400, { code: 'INVALID_ARGUMENT' }),
    answered(401, null),
    answered(403, { code: 'PERMISSION_DENIED' }),
    answered(429, null),
    answered(500, null),
    { kind: 'not_sent', why: 'w' },
    { kind: 'in_doubt', why: 'w', suspicious: false },
  ];
  for (const answer of silent) assert.equal(paymentById(answer, 'p-1').kind, 'unanswered', JSON.stringify(answer));
});

test('a payment by our correlator', () => {
  const find = (body: unknown, status = 200) => paymentByCorrelator(answered(status, body), 'c-1');
  assert.deepEqual(find([]), notFound);
  const reserved = { kind: 'found', finding: { status: 'reserved', providerPaymentId: 'p-1' } };
  assert.deepEqual(find([payment('p-1', 'c-1')]), reserved);
  assert.deepEqual(find([payment('p-3'), payment('p-2', 'c-2'), payment('p-1', 'c-1')]), reserved);
  for (const body of [null, {}, [{ amountTransaction: { clientCorrelator: 'c-1' } }]]) {
    assert.equal(find(body).kind, 'unanswered', JSON.stringify(body));
  }
  assert.equal(find({ code: 'NOT_FOUND' }, 404).kind, 'unanswered');
});

test('where the filter is ignored, absence proves nothing', () => {
  const others = paymentByCorrelator(answered(200, [payment('p-2', 'c-2'), payment('p-3')]), 'c-1');
  assert.deepEqual(others, { kind: 'found', finding: { status: 'unclear' } });
});

async function lookFor(correlator: string, pages: (page: number | null) => unknown) {
  const asked: (number | null)[] = [];
  const outcome = await refundByCorrelator((page) => {
    asked.push(page);
    return Promise.resolve(answered(200, pages(page)));
  }, correlator);
  return { outcome, asked };
}

test('a refund by our correlator, never by its amount', async () => {
  const found = { kind: 'found', finding: { status: 'succeeded', providerRefundId: 'r-2' } };
  assert.deepEqual(await lookFor('c-2', () => range(1, 3)), { outcome: found, asked: [null] });
  assert.deepEqual(await lookFor('c-9', () => range(1, 3)), { outcome: notFound, asked: [null] });
  assert.deepEqual(await lookFor('c-9', () => []), { outcome: notFound, asked: [null] });
});

test('a full page is followed by the next, until one brings nothing new', async () => {
  const paged = (page: number | null) => range(1, 23).slice(((page ?? 1) - 1) * 10, (page ?? 1) * 10);
  const found = { kind: 'found', finding: { status: 'succeeded', providerRefundId: 'r-22' } };
  assert.deepEqual(await lookFor('c-22', paged), { outcome: found, asked: [null, 2, 3] });
  assert.deepEqual(await lookFor('c-99', paged), { outcome: notFound, asked: [null, 2, 3] });
  assert.deepEqual(await lookFor('c-99', () => range(1, 40)), { outcome: notFound, asked: [null, 2] });
});

test('a list that cannot be read, or has no end, is no answer', async () => {
  for (const body of [null, {}, [refund(1), { amountTransaction: { clientCorrelator: 'c-9' } }]]) {
    assert.equal((await lookFor('c-9', () => body)).outcome.kind, 'unanswered', JSON.stringify(body));
  }
  const endless = await lookFor('c', (page) => range((page ?? 1) * 10, (page ?? 1) * 10 + 9));
  assert.equal(endless.outcome.kind, 'unanswered');
});
