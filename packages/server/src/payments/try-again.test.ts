import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentKey } from '@rocketpay/core/payment-key.ts';
import type { NewSale } from '@rocketpay/core/payment/new-sale.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import { PAGE_RETRIES } from '@rocketpay/core/payment/rules.ts';
import { paths, sandbox, signed } from '../testing/gate-bodies.ts';
import { chargedNotice, postCode, postRefund, requestIdOf, statusOf } from '../testing/purchase.ts';
import { found, idOf } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const key = { projectId: sandbox.projectId, paymentKey: paymentKey('Page-1') };
const refused = { kind: 'denied', reason: 'insufficient_balance' } as const;
const next = { accountNumber: '77051112233', candidates: ['BEELINE'], breakerOpen: false } as const;

/** A purchase as the Payment Page begins one. */
async function begin(platform: TestPlatform, change: Partial<NewSale> = {}): Promise<void> {
  const project = await platform.projects.find(sandbox.projectId);
  assert.ok(project);
  const sale: NewSale = {
    key,
    paymentId: 'Page-1',
    requestDigest: 'digest',
    sum: { amountMinor: 100_000, currency: 'KZT' },
    description: null,
    merchantData: null,
    customerId: 'customer-1',
    accountNumber: '77071234567',
    bestBeforeAt: null,
    callbacks: { url: null, successUrl: null, declineUrl: null, delayMs: 0, disabled: false },
    retries: PAGE_RETRIES,
    candidates: ['TELE2'],
    breakerOpen: false,
    ...change,
  };
  assert.equal((await platform.payments.create(project, sale, {})).kind, 'accepted');
  await platform.idle();
}

/** A purchase whose first sale the operator has refused. */
async function reachRefused(change: Partial<NewSale> = {}): Promise<TestPlatform> {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', refused);
  await begin(platform, change);
  return platform;
}

async function tryAgain(platform: TestPlatform, after: number): Promise<string> {
  const result = await platform.payments.beginNextSale(key, { after, ...next });
  await platform.idle();
  return result.kind === 'refused' ? result.refusal.why : result.kind;
}

const newAttemptsOf = (text: string): unknown[] => {
  const { payment } = JSON.parse(text) as { payment: Record<string, unknown> };
  return [payment['status'], payment['is_new_attempts_available'], payment['attempts_timeout']];
};
const callbacksOf = (platform: TestPlatform): unknown[] =>
  platform.merchant.received.map(({ text }) => newAttemptsOf(text));
const accountsOf = (platform: TestPlatform): string[] =>
  platform.merchant.received.map(({ body }) => `${body.account.number} ${body.account.type}`);

test('a decline waits for the payer, says how long, and a second try pays', async () => {
  const platform = await reachRefused();
  assert.deepEqual(callbacksOf(platform), [['awaiting customer', true, 600]]);
  assert.equal(platform.merchant.story()[0], 'awaiting customer / sale decline 20105');
  await platform.pass(60_500);
  const { text } = await platform.post(paths.status, signed('Page-1'));
  assert.deepEqual(newAttemptsOf(text), ['awaiting customer', true, 539]);

  assert.equal(await tryAgain(platform, 1), 'changed');
  requestIdOf(await postCode(platform, 'Page-1'));
  await platform.idle();
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.equal(await statusOf(platform, 'Page-1'), 'success 100000, sale decline 20105, sale success 0');
  assert.deepEqual(callbacksOf(platform).at(-1), ['success', undefined, undefined]);
  assert.deepEqual(accountsOf(platform), ['77071234567 TELE2', '77051112233 TELE2', '77051112233 TELE2']);
  const prepared = platform.provider.made.flatMap(({ method, call }) => (method === 'prepare' ? [call] : []));
  const numbers = (prepared as { number: string; correlator: string }[]).map(({ number }) => number);
  assert.deepEqual(numbers, ['77071234567', '77051112233']);
  assert.equal(new Set((prepared as { correlator: string }[]).map(({ correlator }) => correlator)).size, 2);
});

test('the refund of a second try names the number that paid', async () => {
  const platform = await reachRefused();
  await tryAgain(platform, 1);
  requestIdOf(await postCode(platform, 'Page-1'));
  await platform.idle();
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  requestIdOf(await postRefund(platform, 'Page-1'));
  await platform.idle();
  assert.equal(accountsOf(platform).at(-1), '77051112233 TELE2');
  assert.equal(platform.provider.lastRefund().providerPaymentId, idOf(platform.provider.lastPrepare()));
});

test('the end of the window is found by its row, by whichever process is left', async () => {
  const first = await reachRefused();
  const platform = await first.crash();
  await platform.pass(599_999);
  assert.deepEqual(callbacksOf(platform), [['awaiting customer', true, 600]]);
  await platform.pass(1);
  assert.deepEqual(callbacksOf(platform), [
    ['awaiting customer', true, 600],
    ['decline', false, undefined],
  ]);
  await platform.pass(86_400_000);
  assert.equal(platform.merchant.received.length, 2);
  assert.equal(await statusOf(platform, 'Page-1'), 'decline 100000, sale decline 20105');
  assert.equal(await tryAgain(platform, 1), 'no_tries_left');
});

test('only the last decline is final: an undelivered earlier one gives way, and its address is not the decline’s own', async () => {
  const platform = await openPlatform(pool());
  const declineUrl = 'https://shop.example/no';
  platform.provider.answerNext('prepare', refused, refused);
  const callbacks = { url: null, successUrl: null, declineUrl, delayMs: 60_000, disabled: false };
  await begin(platform, { retries: { allowed: 1, windowMs: 600_000 }, callbacks });
  await tryAgain(platform, 1);
  const { rows } = await pool().query('SELECT url, final, state FROM callbacks ORDER BY callback_no');
  assert.deepEqual(rows, [
    { url: 'https://shop.example/callback', final: false, state: 'delivered' },
    { url: declineUrl, final: true, state: 'waiting' },
  ]);
});

test('a changed number: the code’s sale is declined and cancelled, and the next one waits for that', async () => {
  const platform = await openPlatform(pool());
  await begin(platform);
  assert.equal((await platform.payments.giveUp(key, 1)).kind, 'changed');
  await platform.idle();
  assert.equal((await platform.payments.giveUp(key, 1)).kind, 'unchanged');
  assert.deepEqual(platform.provider.news(), ['prepare', 'cancel']);
  assert.equal(platform.merchant.story().at(-1), 'awaiting customer / sale decline 20301');

  const wish = platform.payments.beginNextSale(key, { after: 1, ...next });
  await platform.clock.untilSomebodySleeps();
  assert.deepEqual(platform.provider.news(), []);
  const call = platform.provider.lastPrepare();
  const cancelled = { status: 'cancelled', providerPaymentId: idOf(call) } as const;
  await platform.notify(call.notices, { about: 'sale', finding: cancelled });
  platform.clock.advance(200);
  assert.equal((await wish).kind, 'changed');
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare']);
  assert.equal(platform.provider.lastPrepare().number, '77051112233');
});

test('a cancel that stays unanswered refuses the next sale after two seconds, and is asked after meanwhile', async () => {
  const platform = await openPlatform(pool());
  await begin(platform);
  await platform.payments.giveUp(key, 1);
  await platform.idle();
  const wish = platform.payments.beginNextSale(key, { after: 1, ...next });
  for (let waited = 0; waited < 2_000; waited += 200) {
    await platform.clock.untilSomebodySleeps();
    platform.clock.advance(200);
  }
  const result = await wish;
  assert.equal(result.kind === 'refused' && result.refusal.why, 'cancel_pending');
  platform.provider.answerNext('lookUp', found({ status: 'cancelled' }));
  await platform.pass(5_000);
  assert.equal(await tryAgain(platform, 1), 'changed');
});

test('wishes that come together, in two processes, begin one sale', async () => {
  const platform = await reachRefused();
  const twin = await platform.twin();
  const wishes = [platform, twin, platform, twin].map((each) =>
    each.payments.beginNextSale(key, { after: 1, ...next }),
  );
  const kinds = (await Promise.all(wishes)).map(({ kind }) => kind);
  await platform.idle();
  await twin.idle();
  assert.deepEqual(kinds.toSorted(), ['changed', 'repeated', 'repeated', 'repeated']);
  assert.equal((await platform.payments.find(key))?.sales.length, 2);
});

test('a payer who leaves hears no more questions, and the merchant hears the end once', async () => {
  const platform = await reachRefused();
  const kinds = [];
  for (let times = 0; times < 3; times++) kinds.push((await platform.payments.endRetries(key)).kind);
  assert.deepEqual(kinds, ['changed', 'unchanged', 'unchanged']);
  await platform.pass(86_400_000);
  assert.deepEqual(callbacksOf(platform).slice(1), [['decline', false, undefined]]);
});

test('an older sale charged after the newer one has paid is given back once, and the payment’s sums stay', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  await begin(platform);
  const older = provider.lastPrepare();
  const lateCharge = chargedNotice(platform);
  await platform.payments.giveUp(key, 1);
  await platform.idle();
  await platform.notify(older.notices, {
    about: 'sale',
    finding: { status: 'cancelled', providerPaymentId: idOf(older) },
  });
  await platform.idle();
  await tryAgain(platform, 1);
  requestIdOf(await postCode(platform, 'Page-1'));
  await platform.idle();
  await platform.notify(provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  const told = platform.merchant.received.length;
  const paid = 'success 100000, sale decline 20301, sale success 0';
  assert.equal(await statusOf(platform, 'Page-1'), paid);
  provider.news();

  await Promise.all([1, 2, 3].map(() => platform.notify(older.notices, lateCharge)));
  await platform.pass(86_400_000);
  assert.deepEqual(provider.news(), ['refund']);
  assert.equal(provider.lastRefund().providerPaymentId, idOf(older));
  assert.equal(await statusOf(platform, 'Page-1'), paid);
  assert.equal(platform.merchant.received.length, told);
  requestIdOf(await postRefund(platform, 'Page-1'));
  await platform.idle();
  assert.equal(provider.lastRefund().sum.amountMinor, 100_000);
  assert.match(await statusOf(platform, 'Page-1'), /^refunded 0/);
});

test('who watches a payment hears of each change of this process after its commit, until it stops', async () => {
  const platform = await openPlatform(pool());
  const heard: string[] = [];
  const stop = platform.payments.watch(key, (payment: Payment) => {
    heard.push(`${payment.version} ${payment.sales.at(-1)?.state}`);
    throw new Error('a watcher that fails');
  });
  await begin(platform);
  await platform.payments.giveUp(key, 1);
  await platform.idle();
  assert.deepEqual(heard, ['1 preparing', '2 awaiting_code', '3 declined']);
  assert.equal(platform.errors.length, 3);
  stop();
  await platform.payments.endRetries(key);
  assert.equal(heard.length, 3);
});

test('a code that waits for a resend is for the sale it was typed for, not for the next one', async () => {
  const platform = await openPlatform(pool());
  await begin(platform);
  await platform.pass(60_000);
  const held = platform.provider.hold('resend');
  await platform.payments.requestResend(key);
  await held.arrived;
  const late = platform.payments.submitCode(key, '111111', 'late');
  await platform.clock.untilSomebodySleeps();
  await platform.payments.giveUp(key, 1);
  held.answer({ kind: 'resent', facts: {} });
  await platform.idle();
  const call = platform.provider.lastPrepare();
  const finding = { status: 'cancelled', providerPaymentId: idOf(call) } as const;
  await platform.notify(call.notices, { about: 'sale', finding });
  await platform.idle();
  assert.equal(await tryAgain(platform, 1), 'changed');
  assert.match(await statusOf(platform, 'Page-1'), /sale awaiting clarification 9999$/);
  platform.clock.advance(200);
  assert.deepEqual(await late, { kind: 'refused', refusal: { why: 'code_not_awaited' } });
  assert.ok(!platform.provider.news().includes('validate'));
});
