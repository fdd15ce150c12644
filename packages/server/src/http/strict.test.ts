import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openAdmin } from '../testing/admin.ts';
import { codeBody, paths, saleBody, sandbox, signed, type Body } from '../testing/gate-bodies.ts';
import { buy, faultOf, postRefund, postSale, reachCode, requestIdOf, statusOf } from '../testing/purchase.ts';
import { patiently, send, stamped, type Captured, type Stamping } from '../testing/strict.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const field = 'X-Rocketpay-Signature';
let platform: TestPlatform;
let rocketpay: (line: string) => Promise<string>;

beforeEach(async () => {
  platform = await openPlatform(pool());
  const command = openAdmin(pool(), { clock: platform.clock });
  rocketpay = async (line) => {
    const said = await command(...line.split(' '), '--project', `${sandbox.projectId}`);
    platform.clock.advance(1_001);
    return said;
  };
});

const strictly = (path: string, id: string, body: Body = {}, stamping: Stamping = {}): Captured =>
  stamped(platform, path, signed(id, body), stamping);
const refundsOf = async (id: string): Promise<number> =>
  (await platform.store.load({ projectId: sandbox.projectId, paymentKey: id }))?.refunds.length ?? 0;

test('in strict mode a request without the header is refused, and one with it is taken', async () => {
  await rocketpay('project set --strict on');
  assert.equal(faultOf(await postSale(platform, 'order-1')), `400 3262 ${field} required`);
  await platform.idle();
  assert.deepEqual(platform.provider.made, []);
  requestIdOf(await send(platform, strictly(paths.sale, 'order-1', saleBody())));
  await platform.idle();
  assert.equal(platform.provider.made.length, 1);
});

test('without strict mode a legacy client needs no header, and nothing is kept of its requests', async () => {
  requestIdOf(await postSale(platform, 'order-1'));
  assert.equal((await pool().query('SELECT FROM strict_requests')).rowCount, 0);
  await platform.idle();
});

for (const mode of ['on', 'off']) {
  test(`with strict mode ${mode} a wrong header is refused, and says what is wrong with it`, async () => {
    await rocketpay(`project set --strict ${mode}`);
    const now = Math.floor(platform.clock.now() / 1_000);
    const good = strictly(paths.sale, 'order-1', saleBody());
    const header = good.headers['x-rocketpay-signature'] ?? '';
    const wrong: readonly (readonly [string, Captured, string])[] = [
      ['empty', { ...good, headers: { 'x-rocketpay-signature': '' } }, 'format'],
      ['malformed', { ...good, headers: { 'x-rocketpay-signature': header.replace('v1', 'v2') } }, 'format'],
      ['twice', { ...good, headers: { 'x-rocketpay-signature': `${header}, ${header}` } }, 'format'],
      ['of another path', { ...good, path: `${good.path}?x=1` }, 'signature'],
      ['of another body', { ...good, body: `${good.body} ` }, 'signature'],
      ['under another secret', strictly(paths.sale, 'order-1', saleBody(), { secret: 'other' }), 'signature'],
      ['too old', strictly(paths.sale, 'order-1', saleBody(), { t: now - 301 }), 'time'],
      ['too early', strictly(paths.sale, 'order-1', saleBody(), { t: now + 301 }), 'time'],
    ];
    for (const [name, captured, constraint] of wrong) {
      const reply = await send(platform, captured);
      assert.equal(faultOf(reply), `400 ${constraint === '' ? '3262' : '3261'} ${field} ${constraint}`, name);
    }
    const { errors } = JSON.parse(
      (await send(platform, strictly(paths.sale, 'order-1', saleBody(), { t: now - 400 }))).text,
    );
    assert.equal(errors[0].message, `${field} has a t 400 s behind the platform’s clock; at most 300 s are taken`);
    await platform.idle();
    assert.deepEqual(platform.provider.made, []);
    assert.equal((await pool().query('SELECT FROM strict_requests')).rowCount, 0);
    requestIdOf(await send(platform, strictly(paths.sale, 'order-1', saleBody(), { t: now - 300 })));
    requestIdOf(await send(platform, strictly(paths.sale, 'order-2', saleBody(), { t: now + 300 })));
    await platform.idle();
  });
}

test('a captured status request is no refund', async () => {
  await buy(platform, 'order-1');
  await rocketpay('project set --strict on');
  const captured = strictly(paths.status, 'order-1');
  assert.equal((await send(platform, captured)).status, 200);
  // The legacy signature fits both: it binds no endpoint.
  assert.equal(faultOf(await send(platform, { ...captured, path: paths.refund })), `400 3261 ${field} signature`);
  assert.equal(
    faultOf(await send(platform, { ...captured, path: paths.refund, headers: {} })),
    `400 3262 ${field} required`,
  );
  assert.equal(await refundsOf('order-1'), 0);
  await rocketpay('project set --strict off');
  requestIdOf(await send(platform, { ...captured, path: paths.refund, headers: {} }));
  assert.equal(await refundsOf('order-1'), 1);
  await platform.idle();
});

test('a captured refund gets its stored answer and moves nothing, also when the first is long over', async () => {
  await rocketpay('project set --refund-window 0');
  await buy(platform, 'order-1');
  const captured = strictly(paths.refund, 'order-1', { payment: { amount: 100, currency: 'KZT' } });
  const first = await send(platform, captured);
  requestIdOf(first);
  await platform.idle();
  const { correlator } = platform.provider.lastRefund();
  platform.provider.always('lookUpRefund', {
    kind: 'found',
    finding: { status: 'succeeded', providerRefundId: `r-${correlator}` },
  });
  for (let waited = 0; waited < 240_000; waited += 60_000) await platform.pass(60_000);
  assert.match(await statusOf(platform, 'order-1'), /^partially refunded 99900/);
  const again = await send(platform, captured);
  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  assert.equal(await refundsOf('order-1'), 1);
  // Without the header the same body is a second refund: that is what the nonce is for.
  requestIdOf(await platform.post(captured.path, captured.body));
  assert.equal(await refundsOf('order-1'), 2);
  platform.clock.advance(301_000);
  assert.equal(faultOf(await send(platform, captured)), `400 3261 ${field} time`);
  await platform.idle();
});

test('the same nonce with anything else is refused', async () => {
  const nonce = 'n'.repeat(16);
  requestIdOf(await send(platform, strictly(paths.sale, 'order-1', saleBody(), { nonce })));
  for (const other of [
    strictly(paths.sale, 'order-2', saleBody(), { nonce }),
    strictly(paths.status, 'order-1', {}, { nonce }),
    strictly(paths.sale, 'order-1', saleBody(), { nonce, t: Math.floor(platform.clock.now() / 1_000) - 1 }),
  ]) {
    assert.equal(faultOf(await send(platform, other)), `400 3261 ${field} nonce`);
  }
  await platform.idle();
  assert.equal((await pool().query('SELECT FROM payments')).rowCount, 1);
});

test('a refusal is an answer too: its repeat is refused the same way, though it would be taken now', async () => {
  const early = strictly(paths.code, 'order-1', codeBody('246810'));
  const refusal = await send(platform, early);
  assert.equal(refusal.status, 400);
  await reachCode(platform, 'order-1');
  const again = await send(platform, early);
  assert.deepEqual([again.status, again.text], [refusal.status, refusal.text]);
  requestIdOf(await send(platform, strictly(paths.code, 'order-1', codeBody('246810'))));
  await platform.idle();
});

test('a captured status tells a second time what it told the first, not what became of the payment since', async () => {
  await reachCode(platform, 'order-1');
  const captured = strictly(paths.status, 'order-1');
  const first = await send(platform, captured);
  await buyOn('order-1');
  assert.equal((await send(platform, captured)).text, first.text);
  assert.match(await statusOf(platform, 'order-1'), /^(?!awaiting)/);
});

async function buyOn(id: string): Promise<void> {
  requestIdOf(await send(platform, strictly(paths.code, id, codeBody('246810'))));
  await platform.idle();
}

test('of twins one acts, and the other gets the same answer: in one process and in two', async () => {
  await buy(platform, 'order-1');
  const other = await platform.twin();
  const captured = strictly(paths.refund, 'order-1');
  const replies = [send(platform, captured), send(platform, captured), send(other, captured), send(other, captured)];
  const done = await patiently(platform, Promise.all(replies));
  const texts = new Set(done.map(({ text }) => text));
  assert.equal(texts.size, 1);
  assert.equal(await refundsOf('order-1'), 1);
  await Promise.all([platform.idle(), other.idle()]);
});

test('an answer too large to be kept is not given twice, and not made anew', async () => {
  await rocketpay('project set --refund-window 0');
  await buy(platform, 'order-1');
  for (let n = 0; n < 60; n++) {
    const payment = { amount: 1, currency: 'KZT', merchant_refund_id: `refund-${n}` };
    requestIdOf(await postRefund(platform, 'order-1', payment));
  }
  const captured = strictly(paths.status, 'order-1');
  const { text } = await send(platform, captured);
  assert.ok(text.length > 16_384);
  assert.equal(faultOf(await send(platform, captured)), `400 3261 ${field} nonce`);
  await platform.idle();
});

test('during a change-over the header is made with the secret that signs the body', async () => {
  const said = await rocketpay('secret rotate');
  const secret = /^secret 2: (\S+)$/m.exec(said)?.[1] ?? '';
  const signer = { ...sandbox, secret };
  requestIdOf(await send(platform, stamped(platform, paths.sale, signed('order-1', saleBody(), signer), { secret })));
  const mixed = stamped(platform, paths.sale, signed('order-2', saleBody(), signer));
  assert.equal(faultOf(await send(platform, mixed)), `400 3261 ${field} signature`);
  await platform.idle();
});
