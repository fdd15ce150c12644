import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAYMENTS, setStage } from './test-kit/stage.ts';
import type { Body } from './test-kit/stage.ts';

test('a token is for our client only, and every call needs one', async (t) => {
  const world = await setStage(t);
  const good = await world.token('rocketpay:simulator-secret');
  assert.equal(good.body['token_type'], 'bearer');
  assert.equal(good.body['expires_in'], 3600);
  for (const pair of ['rocketpay:wrong', 'other:simulator-secret', 'rocketpay', '']) {
    const { status, body } = await world.token(pair);
    assert.deepEqual([status, body], [401, { error: 'invalid_client' }]);
  }
  const grant = await world.token('rocketpay:simulator-secret', 'password');
  assert.deepEqual([grant.status, grant.body], [400, { error: 'unsupported_grant_type' }]);

  const token = String(good.body['access_token']);
  const as = (authorization: string) => world.call('GET', PAYMENTS, undefined, { headers: { authorization } });
  assert.equal((await as(`Bearer ${token}`)).status, 200);
  const forged = `${Number(token.split('.')[0]) + 1}.${token.split('.')[1]}`;
  for (const wrong of ['', 'Bearer', `Bearer ${forged}`, `Bearer ${token}x`, `Basic ${token}`]) {
    const { status, body } = await as(wrong);
    assert.deepEqual([status, body['code']], [401, 'UNAUTHENTICATED'], wrong);
  }
  world.clock.advance(3_600_000);
  assert.equal((await as(`Bearer ${token}`)).status, 401);
});

test('x-correlator comes back, also with an error, and has a form', async (t) => {
  const world = await setStage(t);
  const authorization = `Bearer ${String((await world.token('rocketpay:simulator-secret')).body['access_token'])}`;
  const ask = (correlator: string) =>
    world.call('GET', `${PAYMENTS}/nobody`, undefined, {
      headers: { authorization, 'x-correlator': correlator },
    });
  const found = await ask('a-Z_0:;./<>{}');
  assert.equal(found.headers.get('x-correlator'), 'a-Z_0:;./<>{}');
  assert.deepEqual([found.status, found.body['code']], [404, 'NOT_FOUND']);
  assert.deepEqual((await ask('a b')).body['code'], 'INVALID_ARGUMENT');
  assert.equal((await ask('a'.repeat(257))).status, 400);
});

type Change = (body: {
  amountTransaction: Record<string, unknown>;
  charging: Record<string, unknown>;
  root: Record<string, unknown>;
}) => void;

const CREDENTIAL = {
  credentialType: 'ACCESSTOKEN',
  accessToken: 'a',
  accessTokenExpiresUtc: '2027-01-01T00:00:00Z',
  accessTokenType: 'bearer',
};

const FAULTS: readonly (readonly [string, Change, number, string])[] = [
  ['no amount', (b) => delete b.charging['amount'], 400, 'INVALID_ARGUMENT'],
  ['amount as text', (b) => (b.charging['amount'] = '10'), 400, 'INVALID_ARGUMENT'],
  ['three decimals', (b) => (b.charging['amount'] = 1.005), 400, 'INVALID_ARGUMENT'],
  ['nothing', (b) => (b.charging['amount'] = 0), 400, 'INVALID_ARGUMENT'],
  ['negative', (b) => (b.charging['amount'] = -1), 400, 'INVALID_ARGUMENT'],
  ['over the limit', (b) => (b.charging['amount'] = 100_000_000_000.01), 422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT'],
  ['far over it', (b) => (b.charging['amount'] = 1e300), 422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT'],
  ['another currency', (b) => (b.charging['currency'] = 'USD'), 400, 'INVALID_ARGUMENT'],
  ['no description', (b) => delete b.charging['description'], 400, 'INVALID_ARGUMENT'],
  ['no reference', (b) => delete b.amountTransaction['referenceCode'], 400, 'INVALID_ARGUMENT'],
  ['correlator no text', (b) => (b.amountTransaction['clientCorrelator'] = 7), 400, 'INVALID_ARGUMENT'],
  ['no number', (b) => delete b.amountTransaction['phoneNumber'], 422, 'MISSING_IDENTIFIER'],
  ['number without plus', (b) => (b.amountTransaction['phoneNumber'] = '77011234567'), 400, 'INVALID_ARGUMENT'],
  [
    'number of another country',
    (b) => (b.amountTransaction['phoneNumber'] = '+34671999000'),
    404,
    'IDENTIFIER_NOT_FOUND',
  ],
  ['sink over http', (b) => (b.root['sink'] = 'http://example.com/'), 400, 'INVALID_SINK'],
  ['sink no URL', (b) => (b.root['sink'] = 'somewhere'), 400, 'INVALID_SINK'],
  ['credential PLAIN', (b) => (b.root['sinkCredential'] = { credentialType: 'PLAIN' }), 400, 'INVALID_CREDENTIAL'],
  ['token type', (b) => (b.root['sinkCredential'] = { ...CREDENTIAL, accessTokenType: 'mac' }), 400, 'INVALID_TOKEN'],
  [
    'token with a break',
    (b) => (b.root['sinkCredential'] = { ...CREDENTIAL, accessToken: 'a\r\nb: c' }),
    400,
    'INVALID_ARGUMENT',
  ],
];

test('every fault of a prepare is refused and makes nothing', async (t) => {
  const world = await setStage(t);
  for (const [name, change, status, code] of FAULTS) {
    const root = world.prepareBody('77011234567');
    const { amountTransaction } = root;
    const charging = amountTransaction.paymentAmount.chargingInformation;
    change({ root, amountTransaction, charging: charging as Record<string, unknown> });
    const answer = await world.call('POST', `${PAYMENTS}/prepare`, root);
    assert.deepEqual([answer.status, answer.body['code']], [status, code], name);
    assert.equal(answer.body['status'], status);
  }
  for (const text of ['', '{', '[]', 'null', '1']) {
    const answer = await world.call('POST', `${PAYMENTS}/prepare`, undefined, {
      headers: {
        authorization: `Bearer ${String((await world.token('rocketpay:simulator-secret')).body['access_token'])}`,
        'content-type': 'application/json',
      },
      body: text,
    });
    assert.deepEqual([answer.status, answer.body['code']], [400, 'INVALID_ARGUMENT'], text);
  }
  assert.deepEqual(await world.messages('77011234567'), []);
  assert.equal((await world.call('GET', PAYMENTS)).text, '[]');
});

test('validate, confirm and cancel check what they are given', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  const code = await purchase.newestCode();
  const ask = async (call: string, body: Body) => {
    const answer = await world.call('POST', purchase.path(call), body);
    return [answer.status, answer.body['code']];
  };
  assert.deepEqual(await ask('/validate', { code }), [400, 'INVALID_ARGUMENT']);
  const wrong = [400, 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID'];
  assert.deepEqual(await ask('/validate', { authorizationId: 'x', code }), wrong);
  assert.deepEqual(await ask('/confirm', {}), [422, 'MISSING_IDENTIFIER']);
  const other = { phoneNumber: '+77011234567' };
  assert.deepEqual(await ask('/confirm', other), [404, 'IDENTIFIER_NOT_FOUND']);
  assert.deepEqual(await ask('/cancel', other), [404, 'IDENTIFIER_NOT_FOUND']);
  assert.deepEqual((await purchase.confirm()).body['code'], 'CARRIER_BILLING.PAYMENT_DENIED');
  assert.equal((await purchase.validate()).status, 204);
});
