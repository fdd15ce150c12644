import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { taken } from './merchant.ts';
import { postgresOf } from './processes.ts';
import type { Victim } from './sandbox.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

/** How far a purchase has come when the kill strikes; each stage has a fifth of the hundred. */
const STAGES = ['sale is sent', 'code is wanted', 'code is sent', 'refund is sent', 'is refunded in part'] as const;
const COUNT = 100;
/** What was in flight is looked up when its lease ends, 25 s after the call, and is then driven on. */
const RECOVERY_MS = 120_000;
/** What ends or keeps back a purchase that takes long, however long this machine takes for two hundred. */
const PATIENCE = { OTP_TTL_SECONDS: '600', PREPARE_DEADLINE_SECONDS: '600', BREAKER_FAILURES: '1000' };

interface Purchase {
  readonly paymentId: string;
  readonly phone: string;
  readonly until: (typeof STAGES)[number];
  readonly amount: number;
}

const KZT = (amount: number) => ({ amount, currency: 'KZT' });

describe('kill -9', { concurrency: true }, () => {
  // One test, as the runner starts tests that lie side by side in random order only bit by bit.
  test('of the platform, and of everything with PostgreSQL and the operator, in the middle of a hundred purchases', async () => {
    await Promise.all([survives('platform'), survives('everything')]);
  });

  test('of the launcher alone ends its children; the next start adopts its PostgreSQL', async () => {
    await using stage = await Stage.set();
    const { sandbox, merchant } = stage;
    const { paymentId, inbox } = await stage.paid();
    const postgres = postgresOf(sandbox.dataDir);
    assert.ok(postgres);
    await sandbox.kill9('launcher');
    await eventually('its children are gone', () => sandbox.leftOver().length <= 1);
    assert.equal(postgresOf(sandbox.dataDir), postgres, 'PostgreSQL goes on');
    await sandbox.start();
    assert.match(sandbox.output, /PostgreSQL server left over by an earlier start goes on/);
    assert.equal(postgresOf(sandbox.dataDir), postgres);
    await taken(merchant.refund(paymentId), paymentId);
    await inbox.take(3, 'refunded');
  });
});

async function survives(victim: Victim): Promise<void> {
  await using stage = await Stage.set(PATIENCE);
  const purchases = Array.from({ length: COUNT }, (_, at): Purchase => ({
    paymentId: newPaymentId(),
    phone: newPhone(),
    until: STAGES[at % STAGES.length] ?? 'sale is sent',
    amount: 100_000 + at,
  }));
  const begun = purchases.filter(({ until }) => until !== 'sale is sent' && until !== 'code is sent');
  await Promise.all(begun.map((purchase) => bringTo(stage, purchase)));
  const ready = purchases.filter(({ until }) => until === 'code is sent');
  const codes = await Promise.all(ready.map((one) => bringTo(stage, { ...one, until: 'code is wanted' })));

  // Whatever is sent now meets the kill half done; answers may never come.
  const inFlight = [
    ...purchases.filter(({ until }) => until === 'sale is sent').map((one) => sell(stage, one)),
    ...ready.map(({ paymentId }, at) => stage.merchant.code(paymentId, codes[at] ?? '')),
    ...purchases
      .filter(({ until }) => until === 'refund is sent')
      .map(({ paymentId }) => stage.merchant.refund(paymentId, KZT(20_000))),
  ];
  const settled = Promise.allSettled(inFlight);
  await Promise.race(inFlight.map((one) => one.catch(() => undefined)));
  await stage.sandbox.kill9(victim);
  await settled;
  if (victim === 'platform') {
    assert.equal(await stage.sandbox.ended(), 1, 'the launcher stops the rest by itself');
    await eventually('nothing is left over', () => stage.sandbox.leftOver().length === 0);
    assert.match(stage.sandbox.output, /The platform was ended by SIGKILL/);
  }
  await stage.sandbox.start();

  // A merchant whose answer was lost repeats the same body, and nothing is started twice.
  await Promise.all(purchases.map(async (one) => taken(sell(stage, one), one.paymentId)));
  await Promise.all(purchases.map((one) => assertEndsWell(stage, one)));
  const charges = (await stage.operator.ledger()).filter((line) => line.kind === 'charge');
  assert.equal(charges.length, COUNT);
  assert.equal(new Set(charges.map((line) => line.reference)).size, COUNT, 'nobody is charged twice');
}

function sell(stage: Stage, { paymentId, phone, amount }: Purchase) {
  return stage.merchant.sale({ paymentId, phone, amount, callbackUrl: stage.endpoint.inbox(paymentId).url });
}

/** Brings a purchase to its stage and resolves to its code. A call that was lost under this load is asked after first. */
async function bringTo(stage: Stage, purchase: Purchase): Promise<string> {
  const { paymentId, phone, until } = purchase;
  const inbox = stage.endpoint.inbox(paymentId);
  await taken(sell(stage, purchase), paymentId);
  await inbox.take(1, 'awaiting clarification', RECOVERY_MS);
  const code = await stage.operator.code(phone, paymentId);
  if (until === 'code is wanted') return code;
  await taken(stage.merchant.code(paymentId, code), paymentId);
  await inbox.take(2, 'success', RECOVERY_MS);
  if (until === 'is refunded in part') {
    await taken(stage.merchant.refund(paymentId, KZT(10_000)), paymentId);
    await inbox.take(3, 'partially refunded', RECOVERY_MS);
  }
  return code;
}

/** Its end is reached, the ledger agrees with the status, and the merchant was told all of it in order. */
async function assertEndsWell(stage: Stage, { paymentId, phone, amount }: Purchase): Promise<void> {
  await stage.seeThrough(paymentId, phone, RECOVERY_MS);
  const { payment, operations } = await eventually(
    `${paymentId} has no operation in work`,
    async () => {
      const status = await stage.merchant.status(paymentId);
      return status.operations.every((operation) => operation.status !== 'processing') && status;
    },
    RECOVERY_MS,
  );
  assert.ok(
    operations.every((operation) => operation.status === 'success'),
    paymentId,
  );
  const signed = operations.map(({ type, sum_initial: sum }) => (type === 'sale' ? sum.amount : -sum.amount));
  assert.deepEqual(await stage.operator.moved(paymentId), signed);
  assert.equal(operations[0]?.sum_initial.amount, amount);
  assert.equal(
    payment.sum.amount,
    signed.reduce((sum, one) => sum + one, 0),
  );

  const inbox = stage.endpoint.inbox(paymentId);
  const ends = ['success', 'partially refunded'].slice(0, operations.length);
  await eventually(
    `every end of ${paymentId} is told: ${inbox.story.join(', ')}`,
    () => ends.every((end) => inbox.story.some((line) => line.startsWith(`${end} `))),
    RECOVERY_MS,
  );
  const statuses = inbox.received.map((one) => one.body.payment.status);
  const ranks = statuses.map((status) => ['awaiting clarification', 'success', 'partially refunded'].indexOf(status));
  assert.deepEqual(ranks, ranks.toSorted(), `in order: ${statuses.join(', ')}`);
  for (const end of ends) {
    const told = inbox.received.filter((one) => one.body.payment.status === end);
    assert.equal(new Set(told.map((one) => one.raw)).size, 1, 'a repeat is byte for byte the same');
  }
}
