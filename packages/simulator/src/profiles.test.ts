import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, KNOBS, startOf } from './knobs.ts';
import { happens, latencyOf, ordinaryProfile } from './profiles.ts';
import { PAYMENTS, setStage, type Stage } from './test-kit/stage.ts';

const TELE2 = '77071234567';
const KZT = 100;
const plain = ordinaryProfile('TELE2', { otpTtlSeconds: 80, reservationTtlSeconds: 600 });

async function set(world: Stage, knobs: object): Promise<void> {
  const { status, body } = await world.call('PATCH', '/control/profiles/TELE2', knobs);
  assert.equal(status, 200, JSON.stringify(body));
}

/** The denial of a first call, or its status where there is none. */
async function prepare(world: Stage, amount = 1000): Promise<unknown> {
  const { status, body } = await world.call('POST', `${PAYMENTS}/prepare`, world.prepareBody(TELE2, amount));
  return body['denialCode'] ?? status;
}

async function pay(world: Stage, amount: number): Promise<void> {
  await (await world.prepare(TELE2, amount)).pay();
}

test('every knob has a default that fits it', () => {
  assert.deepEqual(Object.keys(plain).toSorted(), Object.keys(KNOBS).toSorted());
  for (const [name, { fits, must }] of Object.entries(KNOBS))
    assert.ok(fits(plain[name as keyof typeof plain]), `${name}: ${must}`);
});

test('amounts, sums and counts', async (t) => {
  const cases: readonly (readonly [object, number, unknown])[] = [
    [{ leastAmountMinor: 1000 * KZT + 1 }, 1000, 'amount_too_small'],
    [{ mostAmountMinor: 1000 * KZT - 1 }, 1000, 'amount_too_large'],
    [{ daySumMinor: 1500 * KZT }, 1000, 'limit_day'],
    [{ daySumMinor: 1500 * KZT }, 500, 201],
    [{ monthSumMinor: 1500 * KZT }, 1000, 'limit_month'],
    [{ dayCount: 1 }, 1, 'count_day'],
    [{ unidentifiedCapMinor: 12_975 * KZT }, 11_976, 'unidentified_cap'],
    [{ unidentifiedCapMinor: 12_975 * KZT }, 11_975, 201],
    [{ leastBalanceLeftMinor: 10 ** 15 - 2000 * KZT }, 1000, 201],
    [{ leastBalanceLeftMinor: 10 ** 15 - 2000 * KZT }, 1001, 'insufficient_balance'],
  ];
  const world = await setStage(t);
  await pay(world, 1000);
  for (const [knobs, amount, end] of cases) {
    await world.call('DELETE', '/control/profiles/TELE2');
    await set(world, knobs);
    assert.equal(await prepare(world, amount), end, JSON.stringify(knobs));
  }
  world.clock.advance(86_400_000);
  await world.renewToken();
  await set(world, { leastBalanceLeftMinor: 0, daySumMinor: 1000 * KZT });
  assert.equal(await prepare(world, 1000), 201);
});

test('codes: length, life, wrong ones, lock-out, resends', async (t) => {
  const world = await setStage(t);
  await set(world, { codeLength: 4, codeLifeSeconds: 30, wrongCodesAllowed: 2, lockoutSeconds: 300 });
  await set(world, { resendAfterSeconds: 5, resendsAllowed: 1, sameCodeOnResend: true });
  const purchase = await world.prepare(TELE2);
  const code = await purchase.newestCode();
  assert.match(code, /^\d{4}$/);
  world.clock.advance(5_000);
  assert.equal((await purchase.resend()).status, 200);
  assert.equal(await purchase.newestCode(), code);
  assert.equal((await purchase.resend()).body['code'], 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED');
  world.clock.advance(30_000);
  assert.equal((await purchase.validate()).body['code'], 'CARRIER_BILLING.CODE_EXPIRED');
  const spent = await world.prepare(TELE2);
  const wrong = String((Number(await spent.newestCode()) + 1) % 10_000).padStart(4, '0');
  assert.equal((await spent.validate(wrong)).body['code'], 'CARRIER_BILLING.INVALID_CODE');
  assert.equal((await spent.validate(wrong)).body['code'], 'CARRIER_BILLING.VALIDATION_FAILED');
  assert.equal(await prepare(world), 'otp_attempts_exceeded');
  world.clock.advance(300_000);
  assert.equal(await prepare(world), 201);
});

test('refunds and commission', async (t) => {
  const world = await setStage(t);
  await set(world, { refunds: 'whole', refundWindowDays: 1, commissionBps: 250 });
  const purchase = await world.prepare(TELE2);
  await purchase.pay();
  assert.equal((await purchase.look())['commission'], 25);
  assert.equal((await purchase.refund(1, 'r-1')).body['denialCode'], 'refund_not_allowed');
  world.clock.advance(86_400_001);
  await world.renewToken();
  assert.equal((await purchase.refund(1000, 'r-2')).body['denialCode'], 'refund_window_over');
  await set(world, { refundWindowDays: null });
  assert.equal((await purchase.refund(1000, 'r-3')).status, 201);
});

test('night and maintenance windows', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare(TELE2);
  await set(world, { nightWindow: '16:30-17:01' });
  assert.equal(await prepare(world), 'operator_unavailable');
  assert.equal((await purchase.validate()).status, 204);
  world.clock.advance(60_000);
  assert.equal(await prepare(world), 201);
  await set(world, { maintenanceWindow: '17:00-17:02' });
  assert.equal((await purchase.confirm()).status, 503);
  world.clock.advance(60_000);
  assert.equal((await purchase.confirm()).status, 202);
});

test('a window may go over midnight; days and months begin in Kazakhstan', () => {
  const at = (time: string) => Date.parse(`2026-08-01T${time}:00+05:00`);
  for (const time of ['23:00', '00:00', '05:59']) assert.equal(isWithin('23:00-06:00', at(time)), true, time);
  for (const time of ['22:59', '06:00', '12:00']) assert.equal(isWithin('23:00-06:00', at(time)), false, time);
  assert.equal(isWithin(null, at('12:00')), false);
  assert.equal(startOf('day', at('00:30')), at('00:00'));
  assert.equal(startOf('month', Date.parse('2026-08-15T00:30:00+05:00')), at('00:00'));
});

test('answers and notices as late, lost, doubled and out of order as the profile says', async (t) => {
  const world = await setStage(t);
  await set(world, { lostAnswerPercent: 100 });
  const purchase = await world.prepare(TELE2);
  await purchase.validate();
  assert.equal(await world.hangs('POST', purchase.path('/confirm'), { phoneNumber: `+${TELE2}` }), true);
  assert.equal((await purchase.look())['paymentStatus'], 'succeeded');
  await world.sink.until(1);
  await set(world, { lostAnswerPercent: 0, doubledNoticePercent: 100, shuffledNoticePercent: 100 });
  await pay(world, 1);
  await world.sink.until(7);
  await set(world, { doubledNoticePercent: 0, shuffledNoticePercent: 0, noticeDelayMs: 5_000 });
  await pay(world, 1);
  await world.settle();
  assert.equal(world.sink.received.length, 7);
  world.clock.advance(5_000);
  await world.sink.until(8);
  await set(world, { noticeDelayMs: 0, strayNoticePercent: 100, resendAfterSeconds: 0 });
  const resent = await world.prepare(TELE2);
  await resent.resend();
  await world.sink.until(9);
  assert.match(JSON.stringify(world.sink.received.at(-1)), /payment-reserved/);
  assert.equal((await resent.look())['paymentStatus'], 'pending_validation');
});

test('latency has the median and the 99th percentile asked for', () => {
  let state = 1;
  const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const profile = { ...plain, latencyMs: 100, latencyP99Ms: 2_000 };
  const drawn = Array.from({ length: 20_000 }, () => latencyOf(profile, chance)).toSorted((a, b) => a - b);
  const at = (share: number) => drawn[Math.floor(drawn.length * share)] ?? 0;
  assert.ok(Math.abs(at(0.5) - 100) < 10, String(at(0.5)));
  assert.ok(Math.abs(at(0.99) - 2_000) < 300, String(at(0.99)));
  assert.equal(latencyOf(plain), 0);
  assert.equal(
    happens(0, () => 0),
    false,
  );
  assert.equal(
    happens(1, () => 0.009),
    true,
  );
});

test('a profile’s answer is late by as much as it says', async (t) => {
  const world = await setStage(t);
  await set(world, { latencyMs: 3_000, latencyP99Ms: 3_000 });
  let answered = false;
  const waiting = prepare(world).then((end) => {
    answered = true;
    return end;
  });
  await world.settle();
  world.clock.advance(2_999);
  await world.settle();
  assert.equal(answered, false);
  world.clock.advance(1);
  assert.equal(await waiting, 201);
});

test('what is no knob, or does not fit, changes nothing', async (t) => {
  const world = await setStage(t);
  const bad = { codeLength: 2, mood: 1, nightWindow: '25:00-06:00', refunds: 'some', dayCount: 1 };
  const { status, body } = await world.call('PATCH', '/control/profiles/TELE2', bad);
  assert.equal(status, 400);
  assert.deepEqual(body['faults'], [
    'codeLength must be a whole number from 3 to 10',
    'mood is no knob',
    'nightWindow must be hours in Kazakhstan such as "23:00-06:00", or null for none',
    'refunds must be one of any, whole, none',
  ]);
  const { profiles } = (await world.call('GET', '/control')).body as { profiles: Record<string, object> };
  assert.deepEqual(profiles['TELE2'], plain);
  assert.equal((await world.call('PATCH', '/control/profiles/MTS', {})).status, 404);
});

test('a restart brings back healthy operators', async (t) => {
  const world = await setStage(t);
  await set(world, { dayCount: 0 });
  await world.call('POST', '/control/switches', { operator: 'TELE2', answer: 503, seconds: 600 });
  await world.stop();
  await world.start();
  assert.equal(await prepare(world), 201);
});
