import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.ts';
import { paths, taken } from './merchant.ts';
import { Started } from './started.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

const BEELINE = '7705';
/** Well before the deadline, at which a sale ends whose first call fails. */
const AT_ONCE_MS = 4_500;
let stage: Stage;
before(async () => {
  stage = await Stage.set({ BREAKER_OPEN_SECONDS: '1', PREPARE_DEADLINE_SECONDS: '6', OTP_TTL_SECONDS: '600' });
});
after(() => stage[Symbol.asyncDispose]());

async function sell(phone: string) {
  const paymentId = newPaymentId();
  const inbox = stage.endpoint.inbox(paymentId);
  await taken(stage.merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
  return { paymentId, phone, inbox };
}

async function control(method: string, path: string, body?: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stage.sandbox.simulator}/control/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers }),
  });
  assert.ok(answer.ok, await answer.text());
}

async function breakerOf(operator: string): Promise<string | undefined> {
  const ready = (await (await fetch(`${stage.sandbox.platform}/health/ready`)).json()) as {
    breakers: Record<string, string>;
  };
  return ready.breakers[operator];
}

async function listed(): Promise<string[]> {
  const { text } = await stage.merchant.send(paths.operators, { general: { project_id: 1234 } });
  return (JSON.parse(text) as { code: string }[]).map(({ code }) => code);
}

test('an operator that is down costs its new sales a moment, its open payments time, and the others nothing', async () => {
  const { merchant, operator } = stage;
  const underWay = await Promise.all(Array.from({ length: 6 }, () => stage.awaitingCode({ phone: newPhone(BEELINE) })));
  await control('POST', 'switches', { operator: 'BEELINE', answer: 503, seconds: 600 });
  await Promise.all(underWay.map(({ paymentId, code }) => taken(merchant.code(paymentId, code), paymentId)));
  const unanswered = await Promise.all(Array.from({ length: 6 }, () => sell(newPhone(BEELINE))));
  await eventually('the breaker is open', async () => (await breakerOf('BEELINE')) !== 'closed' && true);

  const soldAt = performance.now();
  const kept = await Promise.all(Array.from({ length: 10 }, () => sell(newPhone(BEELINE))));
  const codes = await Promise.all(kept.map(async ({ inbox }) => (await inbox.take(1, 'decline')).operation.code));
  // Now and then one is let through to try, and ends like those before.
  assert.ok(codes.filter((code) => code === '314').length >= 7, codes.join());
  if (codes.every((code) => code === '314')) assert.ok(performance.now() - soldAt < AT_ONCE_MS);
  await stage.awaitingCode({ phone: newPhone() });
  await eventually('it is out of the list', async () => !(await listed()).includes('BEELINE') && true);
  for (const { inbox } of unanswered)
    assert.match((await inbox.take(1, 'decline', 20_000)).operation.code, /^(20602|314)$/);

  await control('DELETE', 'switches');
  await eventually(
    'the breaker is closed',
    async () => {
      if ((await breakerOf('BEELINE')) === 'half_open') await sell(newPhone(BEELINE));
      return (await breakerOf('BEELINE')) === 'closed';
    },
    60_000,
  );
  assert.ok((await listed()).includes('BEELINE'));
  for (const { paymentId, phone } of underWay) {
    const { payment } = await stage.seeThrough(paymentId, phone, 60_000);
    assert.equal(payment.status, 'success');
    assert.deepEqual(await operator.moved(paymentId), [100_000]);
  }
  for (const { paymentId } of [...unanswered, ...kept]) assert.deepEqual(await operator.moved(paymentId), []);

  const command = ['operator', 'story', '--operator', 'BEELINE', '--limit', '1000', '--json'];
  const admin = new Started('packages/server/src/admin.ts', command, stage.sandbox.dataDir, {});
  assert.equal(await admin.ended, 0);
  const told = JSON.parse(admin.output.slice(admin.output.indexOf('['))) as { from: string; to: string; why: string }[];
  assert.deepEqual([told.at(-1)?.from, told.at(-1)?.to, told.at(-1)?.why], ['closed', 'open', 'too_many_failures']);
  assert.deepEqual([told[0]?.to, told[0]?.why], ['closed', 'probes_passed']);
});
