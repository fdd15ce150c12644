import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import type { Dispatcher } from 'undici';
import { Attempt } from './attempt.ts';

/** Begins an attempt with little time, and lets undici tell of what has come within it. */
function attempt(tell: (attempt: Attempt, controller: Dispatcher.DispatchController) => void) {
  const { promise, resolve } = Promise.withResolvers<AttemptOutcome>();
  const reasons: Error[] = [];
  const controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: (reason: Error) => void reasons.push(reason),
    pause: () => undefined,
    resume: () => undefined,
  };
  const made = new Attempt(30, resolve);
  made.onRequestStart(controller);
  tell(made, controller);
  return promise.then((outcome) => ({ outcome, aborts: reasons.length }));
}

test('an answer that drips past the deadline counts by its status, and is let go', async () => {
  const startedAt = performance.now();
  const { outcome, aborts } = await attempt((made, controller) => {
    made.onResponseStart(controller, 200);
    made.onResponseData(controller, Buffer.from('begun\0'));
  });
  assert.deepEqual(outcome, { kind: 'delivered', status: 200, answerStart: 'begun' });
  assert.equal(aborts, 1);
  assert.ok(performance.now() - startedAt >= 29);
});

test('without a status, or with an interim one, the deadline is a time-out', async () => {
  for (const tell of [
    () => undefined,
    (made: Attempt, by: Dispatcher.DispatchController) => made.onResponseStart(by, 103),
  ])
    assert.deepEqual(await attempt(tell), { outcome: { kind: 'timeout', status: null, answerStart: null }, aborts: 1 });
});
