import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openAdmin, type TestAdmin } from '../testing/admin.ts';
import { buy, chargedNotice, postRefund, reachConfirming, requestIdOf, statusOf } from '../testing/purchase.ts';
import { inDoubt } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const DAY_MS = 86_400_000;
let platform: TestPlatform;
let rocketpay: TestAdmin;

beforeEach(async () => {
  platform = await openPlatform(pool());
  const beside = await platform.twin();
  const command = openAdmin(pool(), { clock: platform.clock, payments: async () => beside.payments });
  const run = (...args: string[]): Promise<string> => command(...args).finally(() => beside.idle());
  rocketpay = Object.assign(run, { json: command.json });
});

/** A purchase whose confirmation nobody has answered for a day. */
async function reachIncident(id: string): Promise<void> {
  platform.provider.always('lookUp', { kind: 'unanswered', why: 'no answer' });
  await reachConfirming(platform, id);
  await platform.pass(DAY_MS + 60_000);
}

const of = (id: string, operation = '1') => ['--project', '1234', '--payment', id, '--operation', operation];
const settle = (id: string, as: string): string[] => {
  const asked = ['incident', 'settle', ...of(id), '--as', as];
  return [...asked, '--note', 'The operator’s letter of 15 January'];
};
const told = (): string[] => platform.merchant.received.map(({ body }) => body.payment.status);

interface Shown {
  paymentId: string;
  kind: string;
  closedBy: string | null;
  closedNote: string | null;
  closedAt: string | null;
}

test('what is open a day is listed with the sum and the operator’s own id; what is closed only with --all', async () => {
  await reachIncident('Order-1');
  const line = await rocketpay('incident', 'list');
  assert.match(line, /\t1234\tOrder-1\tsale 1 is confirming\topen_for_a_day\t1000\.00 KZT\tTELE2 op-\w+\n$/);
  assert.equal(await rocketpay('incident', 'list', '--project', '77'), 'no incidents\n');
  await rocketpay(...settle('ORDER-1', 'declined'));
  assert.equal(await rocketpay('incident', 'list'), 'no incidents\n');
  assert.match(await rocketpay('incident', 'list', '--all'), /closed \S+Z by Aigerim: The operator’s letter/);
});

for (const [as, status] of [
  ['succeeded', 'success'],
  ['declined', 'decline'],
] as const) {
  test(`settled as ${as}, the merchant is told, the incident is closed, and who did it is written down`, async () => {
    await reachIncident('order-1');
    const before = told().length;
    assert.match(await rocketpay(...settle('order-1', as)), new RegExp(`is ${as} now; the merchant is told`));
    await platform.pass(60_000);
    assert.match(await statusOf(platform, 'order-1'), new RegExp(`^${status} `));
    assert.deepEqual(told().slice(before), [status]);
    const [row] = await rocketpay.json<Shown[]>('incident', 'list', '--all');
    assert.deepEqual([row?.closedBy, row?.closedNote], ['Aigerim', 'The operator’s letter of 15 January']);
    const [change] = await rocketpay.json<Record<string, unknown>[]>('changes', 'list', '--project', '1234');
    assert.deepEqual(
      [change?.['action'], change?.['by'], change?.['subject']],
      ['incident settle', 'Aigerim', 'order-1 1'],
    );
    assert.deepEqual(change?.['new'], { as, note: 'The operator’s letter of 15 January' });
    const plain = await rocketpay('changes', 'list', '--project', '1234');
    assert.ok(plain.includes(`\tincident settle\torder-1 1\tas=${as} note="The operator’s letter of 15 January"\n`));
    assert.ok(!plain.includes('[object'));
    assert.match(await rocketpay(...settle('order-1', as)), /^refused: .*no open incident/);
    platform.provider.news();
    await platform.pass(DAY_MS);
    assert.deepEqual(platform.provider.news(), []);
  });
}

test('the operator’s own word, come while the person types, is what counts', async () => {
  await reachIncident('order-1');
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.match(
    await rocketpay(...settle('order-1', 'declined')),
    /^refused: .*is succeeded: it cannot be settled as declined/,
  );
  assert.match(await statusOf(platform, 'order-1'), /^success /);
});

test('nobody settles what no incident has put before a person', async () => {
  await reachConfirming(platform, 'order-1');
  assert.match(await rocketpay(...settle('order-1', 'declined')), /^refused: .*has no open incident/);
  await pool().query(`INSERT INTO incidents (project_id, payment_key, operation_no, kind, at, detail)
    VALUES (1234, 'order-1', 1, 'open_for_a_day', now(), 'written by hand')`);
  assert.match(await rocketpay(...settle('order-1', 'declined')), /^refused: /);
  assert.match(await statusOf(platform, 'order-1'), /^processing /);
});

test('an incident of an open sale is settled, not closed; one of a sale that has ended is closed with a note', async () => {
  await reachIncident('order-1');
  const close = ['incident', 'close', ...of('order-1'), '--kind', 'open_for_a_day', '--note', 'Seen'];
  assert.match(await rocketpay(...close), /^refused: .*still open; settle it/);
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.match(await rocketpay(...close), /is closed/);
  assert.match(await rocketpay(...close), /^refused: .*closed already/);
  const [row] = await rocketpay.json<Shown[]>('incident', 'list', '--all');
  assert.deepEqual([row?.closedBy, row?.closedNote], ['Aigerim', 'Seen']);
  const [change] = await rocketpay.json<Record<string, unknown>[]>('changes', 'list', '--project', '1234');
  assert.deepEqual([change?.['action'], change?.['new']], ['incident close', { kind: 'open_for_a_day', note: 'Seen' }]);
  assert.match(await statusOf(platform, 'order-1'), /^success /);
});

/** A refund of 400.00 that nobody has answered for a day, as operation 2. */
async function reachOpenRefund(): Promise<void> {
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', inDoubt);
  platform.provider.always('lookUpRefund', { kind: 'unanswered', why: 'no answer' });
  requestIdOf(await postRefund(platform, 'order-1', { amount: 40_000, currency: 'KZT' }));
  await platform.pass(DAY_MS + 60_000);
}

for (const [as, status, left] of [
  ['succeeded', 'partially refunded 60000, sale success 0, refund success 0', 60_000],
  ['declined', 'success 100000, sale success 0, refund decline 20000', 100_000],
] as const) {
  test(`a refund settled as ${as} is told to the merchant once, and its sum is no longer held`, async () => {
    await reachOpenRefund();
    const before = told().length;
    const [note, named] = ['Their letter', of('order-1', '2')];
    assert.match(
      await rocketpay('incident', 'settle', ...named, '--as', as, '--note', note),
      new RegExp(`is ${as} now; the merchant is told`),
    );
    await platform.pass(60_000);
    assert.equal(await statusOf(platform, 'order-1'), status);
    assert.equal(told().length, before + 1);
    const payment = await platform.store.load({ projectId: 1234, paymentKey: 'order-1' });
    assert.deepEqual([payment?.heldMinor, 100_000 - (payment?.refundedMinor ?? 0)], [0, left]);
    const [row] = await rocketpay.json<Shown[]>('incident', 'list', '--all');
    assert.deepEqual([row?.closedBy, row?.closedNote], ['Aigerim', note]);
    const [change] = await rocketpay.json<Record<string, unknown>[]>('changes', 'list', '--project', '1234');
    assert.deepEqual([change?.['subject'], change?.['new']], ['order-1 2', { as, note }]);
    platform.provider.news();
    await platform.pass(DAY_MS);
    assert.deepEqual(platform.provider.news(), []);
  });
}

test('an incident of an open refund is settled, not closed: the sum would be held for ever, out of sight', async () => {
  await reachOpenRefund();
  const [row] = await rocketpay.json<{ operation: string; operationNo: number; kind: string }[]>('incident', 'list');
  assert.deepEqual([row?.operation, row?.operationNo], ['refund', 2]);
  const named = of('order-1', '2');
  const close = ['incident', 'close', ...named, '--kind', row?.kind ?? '', '--note', 'Asked the operator'];
  assert.match(await rocketpay(...close), /^refused: .*still open; settle it/);
  await rocketpay('incident', 'settle', ...named, '--as', 'succeeded', '--note', 'x');
  assert.match(await rocketpay(...close), /^refused: .*closed already/);
});

test('while a call of a refund is on its way nobody settles it', async () => {
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', {
    kind: 'in_doubt',
    why: 'an answer that should not exist',
    suspicious: true,
  });
  platform.provider.always('lookUpRefund', { kind: 'found', finding: { status: 'not_found' } });
  requestIdOf(await postRefund(platform, 'order-1', { amount: 40_000, currency: 'KZT' }));
  await platform.idle();
  const held = platform.provider.hold('refund');
  const passing = platform.pass(120_000);
  await held.arrived;
  const asked = ['incident', 'settle', ...of('order-1', '2'), '--as', 'declined', '--note', 'x'];
  assert.match(await rocketpay(...asked), /^refused: .*a call to the operator is on its way/);
  held.answer({ kind: 'found', finding: { status: 'succeeded' } });
  await passing;
  assert.match(await statusOf(platform, 'order-1'), /^partially refunded 60000/);
});

const wrong: readonly (readonly [string, string[], RegExp])[] = [
  ['no note', ['incident', 'settle', ...of('order-1'), '--as', 'declined'], /--note is missing/],
  ['an empty note', [...settle('order-1', 'declined').slice(0, -1), ' '], /--note is not a text/],
  ['another end', [...settle('order-1', 'refunded')], /--as is "refunded"; expected succeeded or declined/],
  ['no operation', ['incident', 'settle', '--project', '1234', '--payment', 'order-1'], /--operation is missing/],
  ['a payment of another project', settle('order-1', 'declined').with(3, '1235'), /has no open incident/],
  [
    'a kind there is not',
    ['incident', 'close', ...of('order-1'), '--kind', 'denied', '--note', 'x'],
    /there is no incident denied/,
  ],
];
for (const [name, args, says] of wrong) {
  test(`${name} is refused, and nothing moves`, async () => {
    await reachIncident('order-1');
    const before = await statusOf(platform, 'order-1');
    assert.match(await rocketpay(...args), says);
    assert.equal(await statusOf(platform, 'order-1'), before);
    assert.equal((await rocketpay.json<Shown[]>('incident', 'list')).length, 1);
  });
}
