import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { systemClock } from '../../clock.ts';
import { empty, hang, reset, startOperator, type ScriptedOperator, type Step } from '../test-kit/operator.ts';
import { keptLog } from '../test-kit/platform.ts';
import type { CallTimeouts, Provider } from '../port.ts';
import { callOf, type Outcome } from './calls.ts';
import { facts, methods, type FarSide, type Method, type Said } from './far-side.ts';
import { doubts, endless } from './troubles.ts';

/** Short, so that silence is soon over; long enough for a machine so busy that it stands still for a second. */
const TIMEOUT_MS = 2_000;
const SLACK_MS = 1_500;
const timeouts: CallTimeouts = {
  prepare: TIMEOUT_MS,
  validate: TIMEOUT_MS,
  resend: TIMEOUT_MS,
  confirm: TIMEOUT_MS,
  cancel: TIMEOUT_MS,
  refund: TIMEOUT_MS,
  look_up: TIMEOUT_MS,
  token: TIMEOUT_MS,
};
const patient = Object.fromEntries(Object.keys(timeouts).map((kind) => [kind, 10_000])) as CallTimeouts;
const asks = (method: Method): boolean => method.startsWith('lookUp');

interface Stage {
  readonly operator: ScriptedOperator;
  readonly provider: Provider;
  readonly lines: readonly string[];
}

async function stage(t: TestContext, farSide: FarSide, limits: CallTimeouts = patient): Promise<Stage> {
  const operator = await startOperator();
  const { log, lines } = keptLog();
  const provider = farSide.open({ url: operator.url, timeouts: limits, clock: systemClock, log });
  t.after(async () => {
    await operator.close();
    await provider.close();
  });
  return { operator, provider, lines };
}

/** Whatever came of a call, it came, and in time. */
async function outcomeOf(call: Promise<Outcome>): Promise<Outcome> {
  return call.catch((error: unknown) => assert.fail(`the adapter threw: ${String(error)}`));
}

function assertMeans(outcome: Outcome, means: Said['means']): void {
  assert.partialDeepStrictEqual(outcome, means, JSON.stringify(outcome));
}

/**
 * Everything the platform relies on in an adapter, as tests: each method under each kind of trouble. What only the provider's
 * own words can show, its answers and refusals, the adapter brings along.
 */
export function conformanceSuite(name: string, farSide: FarSide): void {
  describe(`${name}: answers`, () => {
    for (const method of methods) {
      test(`${method} is understood, and asked once`, async (t) => {
        const { operator, provider } = await stage(t, farSide);
        const { steps, means } = farSide.good[method];
        operator.next(...steps);
        assertMeans(await outcomeOf(callOf(provider, method)), means);
        assert.equal(operator.received.length, steps.length);
      });
    }

    for (const { name: says, method, isRepeat = false, steps, means } of [
      ...farSide.documented,
      ...required(farSide),
    ]) {
      test(`${method}${isRepeat ? ', repeated' : ''}: ${says}`, async (t) => {
        const { operator, provider } = await stage(t, farSide);
        operator.next(...steps);
        assertMeans(await outcomeOf(callOf(provider, method, { isRepeat })), means);
      });
    }

    test('a prepare names its correlator, so that it can be found again', async (t) => {
      const { operator, provider } = await stage(t, farSide);
      operator.next(...farSide.good.prepare.steps);
      await callOf(provider, 'prepare');
      const [request] = operator.received;
      assert.ok(`${request?.path} ${request?.body}`.includes(facts.correlator));
    });
  });

  describe(`${name}: trouble`, { concurrency: true }, () => {
    for (const { name: trouble, step, ill, isSilence = false } of doubts) {
      test(`${trouble}: every call is in doubt, within its time-out`, async (t) => {
        await everyMethod(t, step, isSilence, (method, outcome) => {
          if (asks(method)) return assert.equal(outcome.kind, 'unanswered');
          // A resend's refusal leaves the payment as it was, so that any may be believed.
          if (method === 'resend' && outcome.kind === 'resend_refused') return assert.equal(ill, null);
          assertMeans(outcome, { kind: 'in_doubt', ...(ill !== null && { trouble: ill }) });
          if (ill === null) assert.equal(outcome.trouble, undefined);
        });
      });
    }

    test('an answer without an end is given up', async (t) => {
      await everyMethod(t, endless, false, (method, outcome) => {
        assert.equal(outcome.kind, asks(method) ? 'unanswered' : 'in_doubt');
      });
    });

    for (const status of [401, 429]) {
      test(`${status}: turned away, which is neither a yes nor a no`, async (t) => {
        await everyMethod(t, empty(status), false, (method, outcome) => {
          const allowed = asks(method) ? ['unanswered'] : ['not_sent', 'in_doubt'];
          assert.ok(allowed.includes(outcome.kind), outcome.kind);
          assert.equal(outcome.trouble, undefined);
        });
      });
    }

    test('a refused connection: surely not sent', async (t) => {
      const { operator, provider } = await stage(t, farSide);
      await operator.close();
      for (const method of methods) {
        const outcome = await outcomeOf(callOf(provider, method));
        if (asks(method)) assert.equal(outcome.kind, 'unanswered', method);
        else assertMeans(outcome, { kind: 'not_sent', trouble: 'no_connection' });
      }
    });

    test('past its moment a call is not sent', async (t) => {
      const { operator, provider } = await stage(t, farSide);
      for (const method of methods.filter((each) => !asks(each))) {
        const outcome = await outcomeOf(callOf(provider, method, { sendBeforeMonotonicMs: performance.now() - 1 }));
        assert.equal(outcome.kind, 'not_sent', method);
        assert.equal(outcome.trouble, undefined, method);
      }
      assert.equal(operator.received.length, 0);
    });

    test('silence does not outlast the time-out, and calls wait for no other', async (t) => {
      const { operator, provider } = await stage(t, farSide, timeouts);
      operator.next(...Array.from({ length: 40 }, () => hang));
      const startedAt = performance.now();
      await Promise.all(methods.map((method) => outcomeOf(callOf(provider, method))));
      const tookMs = performance.now() - startedAt;
      assert.ok(tookMs < 2 * TIMEOUT_MS + SLACK_MS, `${tookMs} ms`);
    });

    async function everyMethod(
      t: TestContext,
      step: Step,
      isSilence: boolean,
      check: (method: Method, outcome: Outcome) => void,
    ): Promise<void> {
      const limits = isSilence ? timeouts : patient;
      const { operator, provider } = await stage(t, farSide, limits);
      operator.next(...methods.map(() => step));
      const ask = async (method: Method): Promise<void> => {
        const startedAt = performance.now();
        const outcome = await outcomeOf(callOf(provider, method));
        const tookMs = performance.now() - startedAt;
        assert.ok(tookMs < limits.prepare + SLACK_MS, `${method} took ${tookMs} ms`);
        check(method, outcome);
      };
      // Waited for together, silence is soon over.
      if (isSilence) await Promise.all(methods.map(ask));
      else for (const method of methods) await ask(method);
    }
  });

  describe(`${name}: notices`, () => {
    for (const { name: what, body = null, query = {}, says } of farSide.notices) {
      test(what, async (t) => {
        const { provider } = await stage(t, farSide);
        const notice = provider.readNotice(body, query);
        if (says === null) assert.equal(notice, null);
        else assert.partialDeepStrictEqual(notice, says, JSON.stringify(notice));
      });
    }

    test('what is no notice is none, whatever it is', async (t) => {
      const { provider } = await stage(t, farSide);
      const junk = [undefined, null, 7, '', 'x', true, [], [null], {}, { a: { b: 'c' } }, { status: 'x', data: 7 }];
      for (const body of junk) {
        for (const query of [{}, { status: 'x' }, { sign: ['a', 'b'] }, { status: { nested: '1' } }])
          assert.equal(provider.readNotice(body, query), null, JSON.stringify(body));
      }
    });
  });

  describe(`${name}: manners`, () => {
    test('no number, code or secret is logged', async (t) => {
      const { operator, provider, lines } = await stage(t, farSide, timeouts);
      const gossip: Step = (response) => response.writeHead(418).end(`${facts.number} ${facts.code}`);
      for (const method of methods) {
        operator.next(gossip);
        await callOf(provider, method);
        operator.next(empty(500));
        await callOf(provider, method);
        operator.next(...farSide.good[method].steps);
        await callOf(provider, method);
      }
      assert.ok(lines.length >= methods.length, 'what settles nothing is logged');
      const text = lines.join('\n');
      for (const secret of [facts.number, facts.number.slice(1), facts.code, ...farSide.secrets])
        assert.ok(!text.includes(secret), secret);
    });

    test('readiness is soon known: it answers, or it does not', async (t) => {
      const { operator, provider } = await stage(t, farSide);
      // Signed in first, where the provider wants that.
      operator.next(...farSide.good.confirm.steps, empty(404));
      await callOf(provider, 'confirm');
      assert.equal(await provider.answers(), true);
      for (const step of [empty(503), reset, hang]) {
        operator.next(step);
        const startedAt = performance.now();
        assert.equal(await provider.answers(), false);
        assert.ok(performance.now() - startedAt < 2_000 + SLACK_MS);
      }
    });
  });
}

function required({ required: answers }: FarSide): Said[] {
  const { confirmDenied, correlatorUsed, notFound, refundNotFound, unknownStatus, otherPayment } = answers;
  const none = { kind: 'found', finding: { status: 'not_found' } };
  return [
    { name: 'a plain no', method: 'confirm', steps: [confirmDenied], means: { kind: 'denied' } },
    {
      name: 'a plain no may be about the first one',
      method: 'confirm',
      isRepeat: true,
      steps: [confirmDenied],
      means: { kind: 'in_doubt' },
    },
    {
      name: 'the correlator was used before: our own payment may stand',
      method: 'prepare',
      steps: [correlatorUsed],
      means: { kind: 'in_doubt' },
    },
    {
      name: 'the correlator was used before',
      method: 'prepare',
      isRepeat: true,
      steps: [correlatorUsed],
      means: { kind: 'in_doubt' },
    },
    { name: 'there is none', method: 'lookUpByCorrelator', steps: [notFound], means: none },
    { name: 'there is none', method: 'lookUpRefund', steps: [refundNotFound], means: none },
    {
      name: 'a status nobody knows',
      method: 'lookUp',
      steps: [unknownStatus],
      means: { finding: { status: 'unclear' } },
    },
    { name: 'another payment', method: 'lookUp', steps: [otherPayment], means: { kind: 'unanswered' } },
    {
      name: 'a wrong code',
      method: 'validate',
      steps: [answers.wrongCode],
      means: { kind: 'code_rejected', reason: 'wrong' },
    },
    {
      name: 'a code whose life is over',
      method: 'validate',
      steps: [answers.expiredCode],
      means: { kind: 'code_rejected', reason: 'expired' },
    },
  ];
}
