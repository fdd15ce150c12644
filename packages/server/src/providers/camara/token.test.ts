import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer, HttpCall } from '../call.ts';
import { givenToken } from '../test-kit/operator.ts';
import { handClock, keptLog } from '../test-kit/platform.ts';
import { createTokenKeeper } from './token.ts';

const answered = (status: number, body: unknown): HttpAnswer => ({ kind: 'answered', status, body });

function stage(answer: (asked: number) => HttpAnswer = (asked) => answered(200, givenToken(asked, 3600))) {
  const asked: HttpCall[] = [];
  const clock = handClock();
  const { log, lines } = keptLog();
  const line = {
    call(call: HttpCall) {
      asked.push(call);
      return Promise.resolve(answer(asked.length));
    },
  };
  const clientSecret = 's:e+c r&t';
  return {
    clock,
    asked,
    lines,
    tokens: createTokenKeeper({
      line,
      path: '/oauth2/token',
      clientId: 'shop',
      clientSecret,
      clock,
      log,
      timeoutMs: 5_000,
    }),
  };
}

test('a token is asked for with client credentials and kept', async () => {
  const { tokens, asked } = stage();
  assert.equal(tokens.current(), null);
  assert.equal(await tokens.renew(), 'token-1');
  assert.equal(tokens.current(), 'token-1');
  assert.equal(asked.length, 1);
  const [call] = asked;
  assert.equal(call?.method, 'POST');
  assert.equal(call?.path, '/oauth2/token');
  assert.equal(call?.body, 'grant_type=client_credentials');
  const basic = Buffer.from('shop:s%3Ae%2Bc+r%26t').toString('base64');
  assert.deepEqual(call?.headers.slice(0, 4), [
    'authorization',
    `Basic ${basic}`,
    'content-type',
    'application/x-www-form-urlencoded',
  ]);
});

test('all who wait share one request', async () => {
  const { tokens, asked } = stage();
  assert.deepEqual(await Promise.all([tokens.renew(), tokens.renew(), tokens.renew()]), [
    'token-1',
    'token-1',
    'token-1',
  ]);
  assert.equal(asked.length, 1);
});

test('it is renewed before its end, while the old one still serves', async () => {
  const { tokens, asked, clock } = stage();
  await tokens.renew();
  clock.pass(3_539_000);
  assert.equal(tokens.current(), 'token-1');
  assert.equal(asked.length, 1);
  clock.pass(2_000);
  assert.equal(tokens.current(), 'token-1');
  assert.equal(tokens.current(), 'token-1');
  assert.equal(asked.length, 2);
  await tokens.renew();
  assert.equal(tokens.current(), 'token-2');
  assert.equal(asked.length, 2);
});

test('one past its end is not used', async () => {
  const { tokens, clock } = stage();
  await tokens.renew();
  clock.pass(3_600_000);
  assert.equal(tokens.current(), null);
});

test('a refused one is replaced once, however many calls it failed', async () => {
  const { tokens, asked } = stage();
  await tokens.renew();
  tokens.refused('token-1');
  tokens.refused('token-1');
  assert.equal(tokens.current(), null);
  assert.equal(await tokens.renew(), 'token-2');
  tokens.refused('token-1');
  assert.equal(tokens.current(), 'token-2');
  assert.equal(asked.length, 2);
});

test('no token comes of a failure, and the endpoint gets a moment’s rest', async () => {
  const broken: readonly HttpAnswer[] = [
    { kind: 'not_sent', why: 'refused' },
    { kind: 'in_doubt', why: 'late' },
    answered(401, { error: 'invalid_client' }),
    answered(500, null),
    answered(200, null),
    answered(200, { access_token: 'a\nb', token_type: 'bearer', expires_in: 3600 }),
    answered(200, { access_token: '', token_type: 'bearer', expires_in: 3600 }),
    answered(200, { access_token: 'mac', token_type: 'mac', expires_in: 3600 }),
    answered(201, givenToken(1)),
  ];
  for (const answer of broken) {
    const { tokens, asked, clock, lines } = stage((count) => (count === 1 ? answer : answered(200, givenToken(2))));
    assert.equal(await tokens.renew(), null, JSON.stringify(answer));
    assert.equal(await tokens.renew(), null);
    assert.equal(asked.length, 1);
    clock.pass(500);
    assert.equal(await tokens.renew(), 'token-2');
    assert.doesNotMatch(lines.join(), /token-|s:e|a\\nb|mac/);
  }
});

test('a life left out or overlong is bounded', async () => {
  const { tokens, clock } = stage(() => answered(200, { access_token: 't', token_type: 'Bearer' }));
  await tokens.renew();
  clock.pass(299_000);
  assert.equal(tokens.current(), 't');
  await tokens.renew();
  clock.pass(300_000);
  assert.equal(tokens.current(), null);
});
