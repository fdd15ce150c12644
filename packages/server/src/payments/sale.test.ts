import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeBody, paths, saleBody, signed } from '../testing/gate-bodies.ts';
import { faultOf, postSale, requestIdOf, statusOf } from '../testing/purchase.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const count = async (table: string): Promise<number> =>
  (await pool().query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n ?? -1;

test('the 200 names the request, and the callback asks for the code', async () => {
  const platform = await openPlatform(pool());
  const reply = await postSale(platform, 'order-1');
  const { request_id: requestId, ...rest } = JSON.parse(reply.text) as Record<string, unknown>;
  assert.ok(typeof requestId === 'string' && requestId.length > 0);
  assert.deepEqual(rest, { status: 'success', project_id: 1234, payment_id: 'order-1' });
  await platform.idle();
  assert.deepEqual(platform.merchant.story(), [
    'awaiting clarification / sale awaiting clarification 9999 code_requested',
  ]);
  assert.equal(platform.merchant.last().operation.request_id, requestId);
});

/** Keeps every commit of a payment waiting; resolves once `blocked` has one that waits, to what lets it go on. */
async function holdCommits(blocked: () => void): Promise<() => Promise<void>> {
  const locker = await pool().connect();
  await locker.query('BEGIN');
  await locker.query('LOCK TABLE payments IN ACCESS EXCLUSIVE MODE');
  blocked();
  await locker.query(`DO $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND datname = current_database())
    LOOP PERFORM pg_sleep(0.005); END LOOP; END $$`);
  return async () => {
    await locker.query('COMMIT');
    locker.release();
  };
}

test('neither the answer nor the call leaves before the row is there', async () => {
  const platform = await openPlatform(pool());
  let rowsAtTheCall = -1;
  platform.provider.answerNext('prepare', async () => {
    rowsAtTheCall = await count('sale_operations');
    return { kind: 'denied', reason: 'insufficient_balance' };
  });
  const answered = Promise.withResolvers<string>();
  const goOn = await holdCommits(
    () => void postSale(platform, 'order-1').then((reply) => answered.resolve(requestIdOf(reply))),
  );
  assert.equal(await Promise.race([answered.promise, Promise.resolve('no answer yet')]), 'no answer yet');
  assert.deepEqual(platform.provider.news(), []);
  await goOn();
  await answered.promise;
  await platform.idle();
  assert.equal(rowsAtTheCall, 1);
});

test('a call whose commit took nearly as long as its lease is not made under it, but later', async () => {
  const platform = await openPlatform(pool());
  let reply = Promise.resolve('');
  const goOn = await holdCommits(() => (reply = postSale(platform, 'order-1').then(requestIdOf)));
  platform.clock.advance(9_001);
  await goOn();
  await reply;
  await platform.idle();
  assert.deepEqual(platform.provider.news(), []);
  await platform.pass(2_000);
  assert.deepEqual(platform.provider.news(), ['prepare']);
});

test('a commit that fails answers 500 and leaves neither a call nor a callback nor a row', async () => {
  const platform = await openPlatform(pool());
  await pool().query('ALTER TABLE payment_events ADD CONSTRAINT broken CHECK (false)');
  try {
    assert.equal(faultOf(await postSale(platform, 'order-1')), '500 501');
    // A decline at the door has its callback in the very commit.
    assert.equal(faultOf(await postSale(platform, 'order-2', { account: { number: '12345' } })), '500 501');
  } finally {
    await pool().query('ALTER TABLE payment_events DROP CONSTRAINT broken');
  }
  await platform.idle();
  assert.deepEqual(platform.provider.news(), []);
  assert.deepEqual(platform.merchant.received, []);
  for (const table of ['payments', 'sale_operations', 'payment_events', 'callbacks'])
    assert.equal(await count(table), 0);
  requestIdOf(await postSale(platform, 'order-1'));
});

test('a thousand identical sales at once are one payment, one call and one answer', async () => {
  const platform = await openPlatform(pool());
  const replies = await Promise.all(Array.from({ length: 1_000 }, () => postSale(platform, 'order-1')));
  await platform.idle();
  assert.equal(new Set(replies.map((reply) => `${reply.status} ${reply.text}`)).size, 1);
  assert.equal(replies[0]?.status, 200);
  assert.equal(await count('payments'), 1);
  assert.deepEqual(platform.provider.news(), ['prepare']);
  assert.equal(platform.merchant.received.length, 1);
});

test('the same sale through two processes at once is one payment and one call', async () => {
  const platform = await openPlatform(pool());
  const other = await platform.twin();
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, turn) => postSale(turn % 2 === 0 ? platform : other, 'order-1')),
  );
  await Promise.all([platform.idle(), other.idle()]);
  assert.equal(new Set(replies.map((reply) => requestIdOf(reply))).size, 1);
  assert.deepEqual(platform.provider.news(), ['prepare']);
});

test('a repeat is known by what it says, not by the order of its members', async () => {
  const platform = await openPlatform(pool());
  const body = signed('order-1', saleBody());
  const first = requestIdOf(await platform.post(paths.sale, body));
  const turned = Object.fromEntries(Object.entries(body).toReversed());
  assert.equal(requestIdOf(await platform.post(paths.sale, turned)), first);
});

test('another body under a used id is refused, whatever the case of its letters', async () => {
  const platform = await openPlatform(pool());
  await postSale(platform, 'Order-1');
  const other = { payment: { amount: 100_001, currency: 'KZT' } };
  assert.equal(faultOf(await postSale(platform, 'Order-1', other)), '400 3041 general.payment_id unique');
  assert.equal(faultOf(await postSale(platform, 'ORDER-1')), '400 3041 general.payment_id unique');
  assert.match(await statusOf(platform, 'oRDER-1'), /^(processing|awaiting clarification) 100000/);
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare']);
});

test('projects do not share ids', async () => {
  const platform = await openPlatform(pool());
  const made = await platform.projects.create({
    projectId: 77,
    name: 'Other',
    callbackUrl: null,
    currencies: ['KZT'],
    by: 'test',
  });
  const other = { projectId: 77, secret: made?.secret ?? '' };
  await postSale(platform, 'order-1');
  const amount = { payment: { amount: 500, currency: 'KZT' } };
  requestIdOf(await platform.post(paths.sale, signed('order-1', saleBody(amount), other)));
  await platform.idle();
  assert.equal(await count('payments'), 2);
  const foreign = await platform.post(paths.code, signed('only-ours', codeBody('1234'), other));
  await postSale(platform, 'only-ours');
  await platform.idle();
  const stillForeign = await platform.post(paths.code, signed('only-ours', codeBody('1234'), other));
  assert.equal(faultOf(foreign), '400 3061 general.payment_id exists');
  assert.equal(stillForeign.text, foreign.text);
});

test('after a day the same body is another purchase under a used id', async () => {
  const platform = await openPlatform(pool());
  const first = requestIdOf(await postSale(platform, 'order-1'));
  await platform.idle();
  platform.clock.advance(86_399_999);
  assert.equal(requestIdOf(await postSale(platform, 'order-1')), first);
  platform.clock.advance(1);
  assert.equal(faultOf(await postSale(platform, 'order-1')), '400 3041 general.payment_id unique');
});
