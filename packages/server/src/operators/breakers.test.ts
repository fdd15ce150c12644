import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signed } from '../testing/gate-bodies.ts';
import {
  buy,
  chargedNotice,
  postCode,
  postRefund,
  postResend,
  postSale,
  reachCode,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { found, inDoubt, notSent, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const silent = { ...inDoubt, trouble: 'no_answer' } as const;
const unreachable = { ...notSent, trouble: 'no_connection' } as const;
const shared = { account: { number: '77011234567' } };
const beeline = { account: { number: '77051234567' } };
let sales = 0;

async function sell(platform: TestPlatform, change = {}): Promise<string> {
  const id = `order-${++sales}`;
  requestIdOf(await postSale(platform, id, change));
  await platform.idle();
  return id;
}

/** Five sales that the operator never answers. */
async function breakDown(platform: TestPlatform, change = {}): Promise<string[]> {
  platform.provider.answerNext('prepare', ...Array.from({ length: 5 }, () => silent));
  const ids: string[] = [];
  for (let sale = 0; sale < 5; sale++) ids.push(await sell(platform, change));
  platform.provider.news();
  return ids;
}

const news = (platform: TestPlatform): string[] =>
  platform.breakerNews.map(
    ({ operatorId, to, why, failures, calls }) => `${operatorId} ${to} ${why} ${failures}/${calls}`,
  );

async function listed(platform: TestPlatform): Promise<string[]> {
  const { text } = await platform.post('/v2/info/mobile/sale/list', signed(undefined));
  return (JSON.parse(text) as { code: string }[]).map(({ code }) => code);
}

test('five silences stop new sales of that operator alone: declined at once, unsent, and out of the list', async () => {
  const platform = await openPlatform(pool());
  await breakDown(platform);
  assert.deepEqual(news(platform), ['TELE2 open too_many_failures 5/5']);
  assert.deepEqual(await listed(platform), ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL']);
  const id = await sell(platform);
  assert.deepEqual(platform.provider.news(), []);
  assert.match(await statusOf(platform, id), /^decline .* 314$/);
  assert.match(platform.merchant.story().at(-1) ?? '', /decline .* 314/);
  await reachCode(platform, 'other-operator', beeline);
});

test('an operator’s no, an odd answer and our own rules never open it', async () => {
  const platform = await openPlatform(pool());
  const no = { kind: 'denied', reason: 'insufficient_balance' } as const;
  platform.provider.answerNext('prepare', ...Array.from({ length: 10 }, () => no));
  platform.provider.answerNext('prepare', ...Array.from({ length: 10 }, () => inDoubt));
  for (let sale = 0; sale < 20; sale++) await sell(platform);
  assert.deepEqual(news(platform), []);
});

test('a refused connection counts, and a sale that waits to be sent again ends when the breaker opens', async () => {
  const platform = await openPlatform(pool());
  platform.provider.always('prepare', unreachable);
  const ids = [];
  for (let sale = 0; sale < 5; sale++) ids.push(await sell(platform));
  assert.deepEqual(news(platform), ['TELE2 open too_many_failures 5/5']);
  platform.provider.news();
  await platform.pass(2_000);
  assert.deepEqual(platform.provider.news(), []);
  for (const id of ids) assert.match(await statusOf(platform, id), /^decline .* 314$/);
});

test('what is under way passes an open breaker: code, resend, confirm, refund, cancel, look-ups', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'paid');
  await reachCode(platform, 'with-code');
  const prepared = platform.provider.lastPrepare();
  await reachCode(platform, 'to-resend');
  const inDoubtIds = await breakDown(platform);
  assert.equal(platform.operators.availability('TELE2'), 'down');

  requestIdOf(await postCode(platform, 'with-code'));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['validate', 'confirm']);
  const charged = chargedNotice(platform);
  const finding = { ...charged.finding, providerPaymentId: `op-${prepared.correlator.slice(0, 8)}` };
  await platform.notify(prepared.notices, { about: 'sale', finding } as typeof charged);
  assert.match(await statusOf(platform, 'with-code'), /^success/);

  requestIdOf(await postRefund(platform, 'paid'));
  await platform.idle();
  assert.ok(platform.provider.news().includes('refund'));

  platform.provider.always('lookUp', (by) =>
    found(waiting({ correlator: by.correlator }, platform.clock.now(), { operator: 'TELE2' })),
  );
  await platform.pass(20_000);
  assert.ok(platform.provider.news().includes('lookUp'));
  for (const id of inDoubtIds) assert.match(await statusOf(platform, id), /^awaiting clarification/);

  await platform.pass(60_000);
  platform.provider.news();
  requestIdOf(await postResend(platform, 'to-resend'));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['resend']);
});

test('after its time three sales try the operator, if it answers at all; good ones close the breaker', async () => {
  const platform = await openPlatform(pool());
  await breakDown(platform);
  platform.provider.always('lookUp', found({ status: 'denied', reason: 'no_reason' }));
  platform.provider.answering = false;
  await platform.pass(30_000);
  assert.equal(platform.operators.availability('TELE2'), 'down');
  platform.provider.answering = true;
  await platform.pass(5_000);
  assert.equal(platform.operators.breakers().TELE2, 'half_open');
  assert.deepEqual((await listed(platform)).length, 5);

  const held = [1, 2, 3].map(() => platform.provider.hold('prepare'));
  const probes = [];
  for (let probe = 0; probe < 3; probe++) {
    const id = `probe-${probe}`;
    requestIdOf(await postSale(platform, id));
    probes.push(id);
  }
  await Promise.all(held.map((each) => each.arrived));
  platform.provider.news();
  requestIdOf(await postSale(platform, 'fourth'));
  assert.match(await statusOf(platform, 'fourth'), /^decline .* 314$/);
  for (const each of held) {
    const call = await each.arrived;
    each.answer(found(waiting(call, platform.clock.now())));
  }
  await platform.idle();
  for (const id of probes) assert.match(await statusOf(platform, id), /^awaiting clarification/);
  assert.deepEqual(news(platform), [
    'TELE2 open too_many_failures 5/5',
    'TELE2 half_open answers_again 0/0',
    'TELE2 closed probes_passed 0/3',
  ]);
  await reachCode(platform, 'as-before');
});

test('a try that fails opens it again, for longer', async () => {
  const platform = await openPlatform(pool());
  await breakDown(platform);
  platform.provider.always('lookUp', found({ status: 'denied', reason: 'no_reason' }));
  await platform.pass(30_000);
  platform.provider.answerNext('prepare', silent);
  await sell(platform);
  assert.equal(news(platform).at(-1), 'TELE2 open probe_failed 1/1');
  await platform.pass(59_000);
  assert.equal(platform.operators.breakers().TELE2, 'open');
  await platform.pass(1_000);
  assert.equal(platform.operators.breakers().TELE2, 'half_open');
});

test('two brands that share a prefix fall together, and the one that answers stands for itself', async () => {
  const platform = await openPlatform(pool());
  await breakDown(platform, shared);
  assert.deepEqual(news(platform), ['ACTIV open too_many_failures 5/5', 'KCELL open too_many_failures 5/5']);
  const id = await sell(platform, shared);
  assert.match(await statusOf(platform, id), /^decline .* 314$/);

  platform.provider.always('lookUp', found({ status: 'denied', reason: 'no_reason' }));
  await platform.pass(30_000);
  platform.provider.always('prepare', (call) => found(waiting(call, platform.clock.now(), { operator: 'KCELL' })));
  for (let probe = 0; probe < 3; probe++) await sell(platform, shared);
  assert.equal(platform.operators.breakers().KCELL, 'closed');
  assert.equal(platform.operators.breakers().ACTIV, 'half_open');
});

test('a switched-off brand leaves the breaker of the other to decide', async () => {
  const platform = await openPlatform(pool());
  await pool().query(`UPDATE operators SET sales_enabled = false WHERE operator_id = 'ACTIV'`);
  await platform.operators.refresh();
  await breakDown(platform, { account: { number: '77011234567', service_provider: 'KCELL' } });
  assert.deepEqual(news(platform), ['KCELL open too_many_failures 5/5']);
  assert.equal(platform.operators.breakerOpen(['ACTIV', 'KCELL']), true);
  assert.equal(platform.operators.availability('ACTIV'), 'switched_off');
});

test('a number nobody knows is declined only when no operator can be reached', async () => {
  const platform = await openPlatform(pool());
  await breakDown(platform);
  assert.equal(platform.operators.breakerOpen([]), false);
  for (const service_provider of ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL'])
    await breakDown(platform, { account: { number: '77011234567', service_provider } });
  assert.equal(platform.operators.breakerOpen([]), true);
});
