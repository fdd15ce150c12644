import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseStrictHeader, strictText } from '@rocketpay/contract/strict-signature.ts';
import { paths, saleBody, sandbox, signed } from '../testing/gate-bodies.ts';
import { buy, faultOf, reachCode, requestIdOf } from '../testing/purchase.ts';
import { patiently, send, stamped } from '../testing/strict.ts';
import { openPlatform, type Reply, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';
import { createStrictRequestStore } from './strict-requests.ts';

const pool = usePool();
const LEASE_MS = 15_000;
const busy = (reply: Reply): boolean => faultOf(reply).endsWith('busy');
const rows = async () => (await pool().query('SELECT status, answer FROM strict_requests')).rows;

/** As a crash leaves it between a change's commit and the keeping of its answer. */
const loseAnswers = () => pool().query('UPDATE strict_requests SET status = NULL, answer = NULL');
const refundsOf = async (platform: TestPlatform) =>
  (await platform.store.load({ projectId: sandbox.projectId, paymentKey: 'order-1' }))?.refunds.length;

test('after a crash between change and answer the repeat gets the answer that was lost, and changes nothing', async (t) => {
  await t.test('a sale', async () => {
    const platform = await openPlatform(pool());
    const captured = stamped(platform, paths.sale, signed('order-1', saleBody()));
    const first = await send(platform, captured);
    await platform.idle();
    await loseAnswers();
    const next = await platform.crash();
    platform.clock.advance(LEASE_MS);
    assert.equal((await send(next, captured)).text, first.text);
    assert.equal((await pool().query('SELECT FROM payments')).rowCount, 1);
    await next.idle();
  });

  await t.test('a partial refund without an id, which has succeeded meanwhile', async () => {
    const platform = await openPlatform(pool());
    await buy(platform, 'order-1');
    platform.provider.always('refund', {
      kind: 'found',
      finding: { status: 'succeeded', providerRefundId: 'refund-at-the-operator' },
    });
    const captured = stamped(platform, paths.refund, signed('order-1', { payment: { amount: 5, currency: 'KZT' } }));
    const first = await send(platform, captured);
    requestIdOf(first);
    await platform.idle();
    await loseAnswers();
    const next = await platform.crash();
    platform.clock.advance(LEASE_MS);
    assert.equal((await send(next, captured)).text, first.text);
    assert.equal(await refundsOf(next), 1);
    assert.equal((await rows())[0]?.status, 200);
  });
});

test('under a fresh nonce an ended partial refund is refused in its window, and for ever where it has an id', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await pool().query('UPDATE projects SET refund_repeat_window_ms = 60000 WHERE project_id = 1234');
  await platform.pass(1_000);
  platform.provider.always('refund', { kind: 'found', finding: { status: 'succeeded' } });
  const ask = (payment: object) => send(platform, stamped(platform, paths.refund, signed('order-1', { payment })));
  const sum = { amount: 5, currency: 'KZT' };
  requestIdOf(await ask(sum));
  const named = requestIdOf(await ask({ amount: 7, currency: 'KZT', merchant_refund_id: 'r-1' }));
  await platform.idle();
  assert.equal(faultOf(await ask(sum)), '400 3285 payment.amount interval');
  await platform.pass(60_000);
  assert.equal(requestIdOf(await ask({ amount: 7, currency: 'KZT', merchant_refund_id: 'r-1' })), named);
  assert.equal(await refundsOf(platform), 2);
  requestIdOf(await ask(sum));
  await platform.idle();
  assert.equal(await refundsOf(platform), 3, 'the guide says that it is made again then');
});

test('after a crash before the change the repeat makes it', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const captured = stamped(platform, paths.refund, signed('order-1'));
  const { t, nonce } = parseStrictHeader(captured.headers['x-rocketpay-signature'] ?? '') ?? {};
  assert.ok(t !== undefined && nonce !== undefined);
  const signedText = strictText({ method: 'POST', ...captured }, { t, nonce });
  const digest = createHash('sha256').update(signedText).digest('hex');
  const now = platform.clock.now();
  const claim = { projectId: sandbox.projectId, nonce, digest, createdAt: now, leaseUntil: now + LEASE_MS };
  assert.ok(await createStrictRequestStore(pool()).claim({ ...claim, expiresAt: now + 300_000 }));
  requestIdOf(
    await patiently(
      platform,
      send(platform, captured).then((reply) => (busy(reply) ? later() : reply)),
    ),
  );
  assert.equal(await refundsOf(platform), 1);
  await platform.idle();

  async function later(): Promise<Reply> {
    assert.equal(await refundsOf(platform), 0);
    platform.clock.advance(LEASE_MS);
    return send(platform, captured);
  }
});

test('while somebody may still be answering, a repeat waits ten seconds and is told to come again', async () => {
  const platform = await openPlatform(pool());
  const captured = stamped(platform, paths.sale, signed('order-1', saleBody()));
  requestIdOf(await send(platform, captured));
  await platform.idle();
  await pool().query(`UPDATE strict_requests SET status = NULL, answer = NULL, lease_until = $1`, [
    new Date(platform.clock.now() + 60_000),
  ]);
  const start = platform.clock.now();
  const reply = await patiently(platform, send(platform, captured));
  assert.equal(faultOf(reply), '400 2147 X-Rocketpay-Signature busy');
  assert.ok(platform.clock.now() - start >= 10_000);
});

test('a failure of ours is nobody’s answer: the repeat is answered anew', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  const captured = stamped(platform, paths.status, signed('order-1'));
  const next = await platform.twin();
  await pool().query('ALTER TABLE sale_operations RENAME TO away');
  try {
    assert.equal((await send(next, captured)).status, 500);
  } finally {
    await pool().query('ALTER TABLE away RENAME TO sale_operations');
  }
  const reply = await patiently(platform, send(next, captured));
  assert.equal(reply.status, 200);
  assert.match(reply.text, /awaiting clarification/);
});

test('what no valid time can repeat any more is forgotten, and nothing sooner', async () => {
  const platform = await openPlatform(pool());
  const ahead = Math.floor(platform.clock.now() / 1_000) + 300;
  requestIdOf(await send(platform, stamped(platform, paths.sale, signed('order-1', saleBody()))));
  requestIdOf(await send(platform, stamped(platform, paths.sale, signed('order-2', saleBody()), { t: ahead })));
  await platform.idle();
  platform.clock.advance(300_000);
  assert.equal(await platform.strictRequests.sweep(), 0);
  platform.clock.advance(60_001);
  assert.equal(await platform.strictRequests.sweep(), 1);
  platform.clock.advance(300_000);
  assert.equal(await platform.strictRequests.sweep(), 1);
  assert.deepEqual(await rows(), []);
});
