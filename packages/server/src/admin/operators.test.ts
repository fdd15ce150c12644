import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createOperatorStore, addStory } from '../operators/operators.ts';
import { openAdmin, type TestAdmin } from '../testing/admin.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
let rocketpay: TestAdmin;
const at = Date.UTC(2027, 0, 15, 12);

beforeEach(async () => {
  await pool().query('DELETE FROM operator_story; UPDATE operators SET sales_enabled = true, refunds_enabled = true');
  rocketpay = openAdmin(pool());
});

const tell = (operatorId: 'TELE2' | 'KCELL', from: string, to: string, by: string, why = 'too_many_failures') =>
  addStory(pool(), { operatorId, at, subject: 'breaker', from, to, why, by, counts: { failures: 5, calls: 8 } });

test('sales are switched off and on again by hand, with who and why, and what is so already changes nothing', async () => {
  const off = ['operator', 'sales', '--operator', 'KCELL', '--to', 'off', '--why', 'contract ended'];
  assert.equal(await rocketpay(...off), 'sales of KCELL are now off\n');
  assert.equal(await rocketpay(...off), 'sales of KCELL are already off\n');
  const { rules } = await createOperatorStore(pool()).read();
  assert.equal(rules.KCELL.salesEnabled, false);
  assert.equal(rules.ACTIV.salesEnabled, true);
  assert.match(await rocketpay('operator', 'list'), /^KCELL\tsales off, refunds on\tbreaker closed$/m);
  assert.equal(
    await rocketpay('operator', 'story', '--operator', 'KCELL'),
    '2027-01-15T12:00:00.000Z\tKCELL\tsales\ton → off\tcontract ended\tAigerim\n',
  );
  assert.match(
    await rocketpay('changes', 'list', '--limit', '1'),
    /Aigerim\t\toperator sales\tKCELL\tsales=on → sales=off why="contract ended"$/m,
  );
  const on = ['operator', 'refunds', '--operator', 'KCELL', '--to', 'off', '--why', 'x', '--by', 'Dana'];
  assert.equal(await rocketpay(...on), 'refunds of KCELL are now off\n');
  assert.match(await rocketpay('operator', 'story', '--limit', '1'), /refunds\ton → off\tx\tDana/);
});

test('the story tells of every process’s breaker, and the list of those that are not closed', async () => {
  await tell('TELE2', 'closed', 'open', 'a/1');
  await tell('TELE2', 'closed', 'open', 'b/2');
  await tell('KCELL', 'closed', 'open', 'a/1');
  await tell('TELE2', 'open', 'half_open', 'b/2', 'answers_again');
  await tell('KCELL', 'half_open', 'closed', 'a/1', 'probes_passed');
  assert.match(await rocketpay('operator', 'list'), /^TELE2\t.*\tbreaker open at a\/1, half_open at b\/2$/m);
  assert.match(await rocketpay('operator', 'list'), /^KCELL\t.*\tbreaker closed$/m);
  const lines = (await rocketpay('operator', 'story', '--operator', 'TELE2')).trimEnd().split('\n');
  assert.equal(lines.length, 3);
  assert.equal(
    lines[0],
    '2027-01-15T12:00:00.000Z\tTELE2\tbreaker\topen → half_open\tanswers_again (5 of 8 calls failed)\tb/2',
  );
});

test('a wrong call changes nothing and says what is wrong', async () => {
  const call = (...args: string[]) => rocketpay('operator', 'sales', ...args);
  assert.match(await call('--to', 'off', '--why', 'x'), /^refused: --operator is missing/);
  assert.match(await call('--operator', 'MTS', '--to', 'off', '--why', 'x'), /^refused: --operator is "MTS"; expected/);
  assert.match(await call('--operator', 'KCELL', '--to', 'no', '--why', 'x'), /^refused: --to is "no"/);
  assert.match(await call('--operator', 'KCELL', '--to', 'off'), /^refused: --why is missing/);
  assert.equal(await rocketpay('operator', 'story'), '');
});
