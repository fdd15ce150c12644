import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTimeoutMs } from '@rocketpay/core/payment/rules.ts';
import type { HttpCall } from '../call.ts';
import { handClock } from '../test-kit/platform.ts';
import { createOperatorLink, type LinkCall } from './operator-link.ts';

function stage(token: string | null, waitMs = 0) {
  const sent: HttpCall[] = [];
  const clock = handClock();
  const refused: string[] = [];
  let status = 204;
  const line = {
    call(call: HttpCall) {
      sent.push(call);
      return Promise.resolve({ kind: 'answered', status, body: null } as const);
    },
    close: () => Promise.resolve(),
  };
  const tokens = {
    current: () => (waitMs === 0 ? token : null),
    renew() {
      clock.pass(waitMs);
      return Promise.resolve(token);
    },
    trouble: () => undefined,
    refused: (text: string) => void refused.push(text),
  };
  return {
    link: createOperatorLink({ line, tokens, clock, basePath: '/api', timeouts: callTimeoutMs }),
    sent,
    refused,
    answer(next: number) {
      status = next;
    },
  };
}

const call: LinkCall = { kind: 'prepare', path: '/p', correlator: 'c-1', body: '{}', sendBeforeMonotonicMs: 9_000 };

test('every kind of call has its time-out, and its deadline goes along', async () => {
  const { link, sent } = stage('t');
  const kinds = ['prepare', 'validate', 'resend', 'confirm', 'cancel', 'refund', 'look_up'] as const;
  for (const kind of kinds) await link({ ...call, kind });
  assert.deepEqual(
    sent.map(({ timeoutMs }) => timeoutMs),
    kinds.map((kind) => callTimeoutMs[kind]),
  );
  assert.equal(sent[0]?.deadlineMonotonicMs, 9_000);
  assert.equal(sent[0]?.path, '/api/p');
});

test('waiting for a token counts towards the time-out', async () => {
  const patient = stage('t', 4_000);
  await patient.link(call);
  assert.equal(patient.sent[0]?.timeoutMs, 6_000);
  const late = stage('t', 5_000);
  assert.deepEqual(await late.link({ ...call, kind: 'look_up' }), { kind: 'not_sent', why: 'no token' });
  assert.equal(late.sent.length, 0);
});

test('without a token nothing is sent', async () => {
  const { link, sent } = stage(null, 10);
  assert.equal((await link(call)).kind, 'not_sent');
  assert.equal(sent.length, 0);
});

test('a 401 costs the token, a 403 does not', async () => {
  const { link, refused, answer } = stage('t');
  answer(403);
  await link(call);
  assert.deepEqual(refused, []);
  answer(401);
  assert.equal((await link(call)).kind, 'not_sent');
  assert.deepEqual(refused, ['t']);
});

test('a call without a body is a GET', async () => {
  const { link, sent } = stage('t');
  await link({ kind: 'look_up', path: '/p', correlator: 'c-1' });
  assert.equal(sent[0]?.method, 'GET');
  assert.equal(sent[0]?.body, undefined);
  assert.ok(!sent[0]?.headers.includes('content-type'));
});
