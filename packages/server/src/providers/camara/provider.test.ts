import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { systemClock, type Clock } from '../../clock.ts';
import type { PaymentCall, PrepareCall, RefundCall } from '../port.ts';
import { empty, hang, json, raw, reset, startOperator, type Step } from '../test-kit/operator.ts';
import { keptLog } from '../test-kit/platform.ts';
import { createCamaraProvider } from './provider.ts';

const soon = () => performance.now() + 9_000;
const notices = { url: 'http://127.0.0.1:8080/notices/x', bearer: 'notice-bearer' };
const prepared: Omit<PrepareCall, 'sendBeforeMonotonicMs'> = {
  correlator: 'c-1',
  reference: 'order-1',
  number: '77011234567',
  sum: { amountMinor: 100_050, currency: 'KZT' },
  description: '',
  operators: ['KCELL', 'ACTIV'],
  notices,
};
const payment = (paymentStatus: string, more: object = {}) => ({
  paymentId: 'p-1',
  paymentStatus,
  amountTransaction: { clientCorrelator: 'c-1' },
  ...more,
});

async function stage(t: TestContext, basePath = '', clock: Clock = systemClock) {
  const operator = await startOperator();
  const { log, lines } = keptLog();
  const provider = createCamaraProvider({
    id: 7,
    name: 'sandbox',
    baseUrl: operator.url + basePath,
    clientId: 'rocketpay',
    clientSecret: 'link-secret',
    clock,
    log,
  });
  t.after(async () => {
    await operator.close();
    await provider.close();
  });
  const call = (): PaymentCall => ({
    providerPaymentId: 'p-1',
    correlator: 'c-1',
    number: '77011234567',
    sendBeforeMonotonicMs: soon(),
  });
  const prepare = () => provider.prepare({ ...prepared, sendBeforeMonotonicMs: soon() });
  const validate = () =>
    provider.validate({
      providerPaymentId: 'p-1',
      correlator: 'c-1',
      authorizationId: 'a-1',
      code: '482913',
      sendBeforeMonotonicMs: soon(),
    });
  return { operator, provider, lines, call, prepare, validate };
}

test('prepare says what the operator link wants', async (t) => {
  const { operator, prepare } = await stage(t, '/api/');
  operator.next(
    json(201, payment('pending_validation', { validationInfo: { action: 'validate', authorizationId: 'a-1' } })),
  );
  assert.deepEqual(await prepare(), {
    kind: 'found',
    finding: { status: 'pending_code', providerPaymentId: 'p-1', authorizationId: 'a-1' },
  });
  const [request] = operator.received;
  assert.equal(request?.method, 'POST');
  assert.equal(request?.path, '/api/carrier-billing/v0.5/payments/prepare');
  assert.equal(request?.headers.authorization, 'Bearer token-1');
  assert.equal(request?.headers['content-type'], 'application/json');
  assert.equal(request?.headers['x-correlator'], 'c-1');
  assert.match(request?.body ?? '', /"amount":1000\.5,/);
  const { sinkCredential, ...body } = JSON.parse(request?.body ?? '');
  assert.deepEqual(body, {
    amountTransaction: {
      phoneNumber: '+77011234567',
      clientCorrelator: 'c-1',
      referenceCode: 'order-1',
      paymentAmount: { chargingInformation: { amount: 1000.5, currency: 'KZT', description: 'Order order-1' } },
    },
    sink: notices.url,
  });
  const { accessTokenExpiresUtc, ...credential } = sinkCredential;
  assert.deepEqual(credential, {
    credentialType: 'ACCESSTOKEN',
    accessToken: 'notice-bearer',
    accessTokenType: 'bearer',
  });
  assert.ok(Date.parse(accessTokenExpiresUtc) - Date.now() > 47 * 3_600_000);
});

test('a description of ours has a hundred characters at most, one of the merchant’s stays', async (t) => {
  const { operator, provider } = await stage(t);
  operator.next(json(201, payment('reserved')), json(201, payment('reserved')));
  await provider.prepare({ ...prepared, reference: '😀'.repeat(200), sendBeforeMonotonicMs: soon() });
  await provider.prepare({ ...prepared, description: 'Two teas', sendBeforeMonotonicMs: soon() });
  const sent = operator.received.map(
    ({ body }) => JSON.parse(body).amountTransaction.paymentAmount.chargingInformation.description,
  );
  assert.deepEqual(sent, [`Order ${'😀'.repeat(94)}`, 'Two teas']);
});

test('the calls after prepare', async (t) => {
  const { operator, provider, call, validate } = await stage(t);
  operator.next(empty(204), json(200, { authorizationId: 'a-2', resendsLeft: 2 }), empty(202), empty(202));
  assert.deepEqual(await validate(), { kind: 'accepted' });
  const resent = { kind: 'resent', facts: { authorizationId: 'a-2', resendsLeft: 2 } };
  assert.deepEqual(await provider.resend(call()), resent);
  assert.deepEqual(await provider.confirm(call(), false), { kind: 'accepted' });
  assert.deepEqual(await provider.cancel(call()), { kind: 'accepted' });
  const root = 'POST /carrier-billing/v0.5/payments/p-1';
  assert.deepEqual(
    operator.received.map(({ method, path, body }) => [`${method} ${path}`, JSON.parse(body)]),
    [
      [`${root}/validate`, { authorizationId: 'a-1', code: '482913' }],
      [`${root}/resend-code`, {}],
      [`${root}/confirm`, { phoneNumber: '+77011234567', clientCorrelator: 'c-1' }],
      [`${root}/cancel`, { phoneNumber: '+77011234567' }],
    ],
  );
  assert.deepEqual(
    operator.received.map(({ headers }) => headers['x-correlator']),
    ['c-1', 'c-1', 'c-1', 'c-1'],
  );
  assert.equal(operator.tokensGiven, 1);
});

test('a refund is partial, and found again in the list', async (t) => {
  const { operator, provider } = await stage(t);
  const refund = { refundId: 'r-1', refundStatus: 'processing', amountTransaction: { clientCorrelator: 'c-2' } };
  operator.next(json(201, refund), json(200, [refund]));
  const call: RefundCall = {
    providerPaymentId: 'p-1',
    correlator: 'c-2',
    reference: 'order-1',
    sum: { amountMinor: 30_000, currency: 'KZT' },
    reason: 'Returned',
    notices,
    sendBeforeMonotonicMs: soon(),
  };
  const found = { kind: 'found', finding: { status: 'in_work', providerRefundId: 'r-1' } };
  assert.deepEqual(await provider.refund(call), found);
  assert.deepEqual(await provider.lookUpRefund({ providerPaymentId: 'p-1', correlator: 'c-2' }), found);
  const [made, listed] = operator.received;
  assert.equal(made?.path, '/carrier-billing-refund/v0.3/payments/p-1/refunds');
  assert.equal(`${listed?.method} ${listed?.path}`, `GET ${made?.path}`);
  const { sinkCredential: _, ...body } = JSON.parse(made?.body ?? '');
  assert.deepEqual(body, {
    type: 'partial',
    reason: 'Returned',
    sink: notices.url,
    amountTransaction: {
      clientCorrelator: 'c-2',
      referenceCode: 'order-1',
      refundAmount: { chargingInformation: { amount: 300, currency: 'KZT', description: 'Returned' } },
    },
  });
});

test('look-ups go by id where it is known, else by correlator', async (t) => {
  const { operator, provider } = await stage(t);
  operator.next(json(200, payment('reserved')), json(200, [payment('reserved')]), json(200, []));
  const reserved = { kind: 'found', finding: { status: 'reserved', providerPaymentId: 'p-1' } };
  assert.deepEqual(await provider.lookUp({ providerPaymentId: 'p-1', correlator: 'c-1' }), reserved);
  assert.deepEqual(await provider.lookUp({ providerPaymentId: null, correlator: 'c-1' }), reserved);
  const none = { kind: 'found', finding: { status: 'not_found' } };
  assert.deepEqual(await provider.lookUp({ providerPaymentId: null, correlator: 'c/1' }), none);
  const root = '/carrier-billing/v0.5/payments';
  assert.deepEqual(
    operator.received.map(({ path }) => path),
    [`${root}/p-1`, `${root}?clientCorrelator=c-1`, `${root}?clientCorrelator=c%2F1`],
  );
});

test('what the link does to a call decides its outcome', async (t) => {
  const used = json(400, { status: 400, code: 'INVALID_ARGUMENT', message: 'clientCorrelator already used' });
  const slow: Step = (response) =>
    void response.writeHead(201, { 'content-length': '9' }).write('{', () => response.socket?.end());
  const cases: readonly (readonly [string, Step, string])[] = [
    ['a reset', reset, 'in_doubt'],
    ['500', json(500, { code: 'INTERNAL' }), 'in_doubt'],
    ['503', raw(503, 'busy'), 'in_doubt'],
    ['broken JSON', raw(201, '{"paymentId'), 'in_doubt'],
    ['half a body', slow, 'in_doubt'],
    ['a used correlator', used, 'in_doubt'],
    ['429', empty(429), 'not_sent'],
  ];
  const { operator, prepare, provider, lines } = await stage(t);
  for (const [name, step, outcome] of cases) {
    operator.next(step, step);
    assert.equal((await prepare()).kind, outcome, name);
    assert.equal((await provider.lookUp({ providerPaymentId: 'p-1', correlator: 'c-1' })).kind, 'unanswered', name);
  }
  assert.equal(lines.length, 2 * cases.length);
});

test('a refused token: this call was not sent, the next one has a new token', async (t) => {
  const { operator, prepare } = await stage(t);
  operator.next(json(401, { status: 401, code: 'UNAUTHENTICATED', message: '' }), json(201, payment('reserved')));
  assert.equal((await prepare()).kind, 'not_sent');
  assert.equal((await prepare()).kind, 'found');
  assert.equal(operator.received[1]?.headers.authorization, 'Bearer token-2');
});

test('without a token nothing is sent', async (t) => {
  for (const step of [json(401, { error: 'invalid_client' }), empty(500), reset, json(200, {})]) {
    const { operator, prepare } = await stage(t);
    operator.tokens(step);
    assert.equal((await prepare()).kind, 'not_sent');
    assert.equal(operator.received.length, 0);
  }
});

test('a call past its moment is not sent', async (t) => {
  const { operator, provider } = await stage(t);
  const outcome = await provider.prepare({ ...prepared, sendBeforeMonotonicMs: performance.now() - 1 });
  assert.equal(outcome.kind, 'not_sent');
  assert.equal(operator.received.length, 0);
});

test('an amount the link cannot express ends there', async (t) => {
  const { operator, provider } = await stage(t);
  const sum = { amountMinor: 12_345, currency: 'CLF' };
  assert.deepEqual(await provider.prepare({ ...prepared, sum, sendBeforeMonotonicMs: soon() }), {
    kind: 'denied',
    reason: 'charge_failed',
  });
  assert.equal(operator.received.length, 0);
});

test('a correlator that no x-correlator may be is left out of it, an id is escaped in the path', async (t) => {
  const { operator, provider } = await stage(t);
  operator.next(empty(204));
  const call = { correlator: 'c?1', authorizationId: 'a', code: '1', sendBeforeMonotonicMs: soon() };
  assert.equal((await provider.validate({ ...call, providerPaymentId: 'p/1?=+' })).kind, 'accepted');
  const [request] = operator.received;
  assert.equal(request?.path, '/carrier-billing/v0.5/payments/p%2F1%3F%3D%2B/validate');
  assert.equal(request?.headers['x-correlator'], undefined);
});

test('readiness: a token can be got, and later the address answers', async (t) => {
  const { operator, provider } = await stage(t);
  operator.next(empty(404), empty(503));
  assert.equal(await provider.answers(), true);
  assert.equal(await provider.answers(), true);
  assert.equal(await provider.answers(), false);
  // A page for people at the root is no JSON, and would pass for silence.
  for (const { path } of operator.received) assert.match(path, /^\/carrier-billing\/v0\.5\/payments\?/);
  await operator.close();
  assert.equal(await provider.answers(), false);

  const dead = await stage(t);
  dead.operator.tokens(json(401, { error: 'invalid_client' }));
  assert.equal(await dead.provider.answers(), false);
  const deaf = await stage(t, '', { ...systemClock, sleep: () => Promise.resolve() });
  deaf.operator.tokens(hang);
  assert.equal(await deaf.provider.answers(), false);
});

test('no code, number, secret or token reaches the log', async (t) => {
  const { operator, provider, lines, call, prepare, validate } = await stage(t);
  const gossip = {
    message: '+77011234567 482913 link-secret',
    denialReason: '77011234567',
    code: 'x 482913 77011234567',
  };
  const step = json(418, gossip);
  operator.next(step, step, step, step, step, json(401, gossip), json(401, gossip));
  await prepare();
  await validate();
  await provider.confirm(call(), false);
  await provider.cancel(call());
  await provider.lookUp({ providerPaymentId: null, correlator: 'c-1' });
  await prepare();
  operator.tokens(json(401, { error: 'link-secret' }));
  await prepare();
  await prepare();
  assert.ok(lines.length >= 7);
  assert.doesNotMatch(lines.join('\n'), /482913|7011234567|link-secret|token-\d|notice-bearer/);
});
