import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrepareCall } from '../providers/port.ts';
import { codeBody, paths, saleBody, sandbox, signed, type Body, type Signer } from '../testing/gate-bodies.ts';
import { requestIdOf } from '../testing/purchase.ts';
import { idOf } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const ID = 'order-1';

/** A platform with two projects, each with a payment of the same id whose code is awaited: ours of 1,000, theirs of 7 tenge. */
async function openTwo(): Promise<{ platform: TestPlatform; theirs: Signer; prepared: readonly PrepareCall[] }> {
  const platform = await openPlatform(pool());
  const made = await platform.projects.create({
    projectId: 77,
    name: 'Other',
    callbackUrl: 'https://other.example/',
    currencies: ['KZT'],
    by: 'test',
  });
  const theirs = { projectId: 77, secret: made?.secret ?? '' };
  requestIdOf(await platform.post(paths.sale, signed(ID, saleBody())));
  await platform.idle();
  requestIdOf(
    await platform.post(paths.sale, signed(ID, saleBody({ payment: { amount: 700, currency: 'KZT' } }), theirs)),
  );
  await platform.idle();
  const prepared = platform.provider.made.map(({ call }) => call as PrepareCall);
  assert.equal(prepared.length, 2);
  return { platform, theirs, prepared };
}

async function statusFor(platform: TestPlatform, signer: Signer): Promise<string> {
  const { text } = await platform.post(paths.status, signed(ID, {}, signer));
  const {
    project_id: projectId,
    payment,
    operations,
  } = JSON.parse(text) as {
    project_id: number;
    payment: { status: string; sum: { amount: number } };
    operations: Body[];
  };
  return `${projectId} ${payment.status} ${payment.sum.amount} ${operations.length}`;
}

test('payments of one id in two projects live apart, whichever process carries them on', async () => {
  const { platform: first, theirs, prepared } = await openTwo();
  const platform = await first.crash();
  assert.equal(await statusFor(platform, sandbox), '1234 awaiting clarification 100000 1');
  assert.equal(await statusFor(platform, theirs), '77 awaiting clarification 700 1');

  platform.provider.answerNext('validate', { kind: 'denied', reason: 'otp_attempts_exceeded' });
  requestIdOf(await platform.post(paths.code, signed(ID, codeBody('111111'), theirs)));
  await platform.idle();
  assert.equal(await statusFor(platform, sandbox), '1234 awaiting clarification 100000 1');
  assert.equal(await statusFor(platform, theirs), '77 decline 700 1');

  requestIdOf(await platform.post(paths.code, signed(ID, codeBody('222222'))));
  await platform.idle();
  const [ours] = prepared;
  assert.ok(ours);
  const finding = { status: 'charged', providerPaymentId: idOf(ours), sum: ours.sum } as const;
  await platform.notify(ours.notices, { about: 'sale', finding });
  await platform.idle();
  requestIdOf(await platform.post(paths.refund, signed(ID)));
  await platform.idle();
  const later = await platform.crash();
  assert.equal(await statusFor(later, sandbox), '1234 refunded 0 2');
  assert.equal(await statusFor(later, theirs), '77 decline 700 1');
});

test('each project’s callbacks tell of its own payment, at its own address, under its own secret', async () => {
  const { platform } = await openTwo();
  const told = platform.merchant.received.map(({ url, body }) => [
    new URL(url).host,
    body.project_id,
    body.payment.sum.amount,
  ]);
  assert.deepEqual(told, [
    ['shop.example', 1234, 100_000],
    ['other.example', 77, 700],
  ]);
});

test('codes being checked at the same time are not taken for one another', async () => {
  const { platform, theirs, prepared } = await openTwo();
  const held = [platform.provider.hold('validate'), platform.provider.hold('validate')] as const;
  const ours = await platform.post(paths.code, signed(ID, codeBody('111111')));
  requestIdOf(await platform.post(paths.code, signed(ID, codeBody('222222'), theirs)));
  const calls = await Promise.all(held.map(({ arrived }) => arrived));
  assert.deepEqual(
    calls.map(({ providerPaymentId, code }) => [providerPaymentId, code]),
    prepared.map((call, turn) => [idOf(call), turn === 0 ? '111111' : '222222']),
  );
  const again = await platform.post(paths.code, signed(ID, codeBody('111111')));
  assert.equal(requestIdOf(again), requestIdOf(ours));
  for (const { answer } of held) answer({ kind: 'accepted' });
  await platform.idle();
});

test('two projects’ payments of one id, written at the same moment, both move on', async () => {
  const { platform, theirs } = await openTwo();
  const replies = await Promise.all([
    platform.post(paths.code, signed(ID, codeBody('111111'))),
    platform.post(paths.code, signed(ID, codeBody('222222'), theirs)),
  ]);
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 200],
  );
  await platform.idle();
  assert.equal(platform.provider.made.filter(({ method }) => method === 'confirm').length, 2);
  const { rows } = await pool().query('SELECT state FROM sale_operations ORDER BY project_id');
  assert.deepEqual(rows, [{ state: 'confirming' }, { state: 'confirming' }]);
});
