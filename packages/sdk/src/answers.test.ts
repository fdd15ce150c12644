import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, client, failure } from './testing/merchant.ts';
import { codeWrong, paid, refunded, signed } from './testing/samples.ts';
import { startScriptedServer, type Step } from './testing/scripted-server.ts';

const state = {
  project_id: 1234,
  payment: codeWrong.payment,
  operations: [paid.operation, refunded.operation],
  account: paid.account,
  clarification_fields: codeWrong.clarification_fields,
  clarification_info: codeWrong.clarification_info,
};

test('status is read in full from a signed answer', async () => {
  await using server = await startScriptedServer(answer(signed(state)));
  const found = await client(server).status({ paymentId: 'payment_47' });
  assert.equal(found.payment.status, 'awaiting clarification');
  assert.deepEqual(
    found.operations.map((operation) => [operation.id, operation.type]),
    [
      ['47', 'sale'],
      ['48', 'refund'],
    ],
  );
  assert.deepEqual(found.account, { number: '71234567890', operator: 'TELE2' });
  assert.equal(found.clarification?.reason, 'code_wrong');
});

test('a status answer that is not proven is not believed', async () => {
  for (const body of [
    JSON.stringify(state),
    signed(state).replace('awaiting clarification', 'success'),
    signed({ ...state, project_id: 1 }),
  ]) {
    await using server = await startScriptedServer(answer(body));
    assert.equal((await failure(client(server).status({ paymentId: 'payment_47' }))).outcome, 'untrusted');
  }
});

test('an unknown payment is a refusal, a platform that cannot look is a doubt', async () => {
  const body = (code: string): Step => answer({ payment: { status: 'error' }, errors: [{ code, message: 'Told' }] });
  await using server = await startScriptedServer(body('3061'), body('3062'));
  const unknown = await failure(client(server).status({ paymentId: 'nobody' }));
  assert.deepEqual([unknown.outcome, unknown.code, unknown.retryable], ['refused', '3061', false]);
  const unclear = await failure(client(server).status({ paymentId: 'payment_47' }));
  assert.deepEqual([unclear.outcome, unclear.code, unclear.retryable], ['unknown', '3062', true]);
});

test('operators are read from the bare list', async () => {
  await using server = await startScriptedServer(
    answer([{ code: 'TELE2', name: 'Tele2', country: 'KZ', countries: ['KZ'], currencies: ['KZT'] }]),
  );
  assert.deepEqual(await client(server).operators({ operationType: 'payout' }), [
    { code: 'TELE2', name: 'Tele2', country: 'KZ', currencies: ['KZT'] },
  ]);
  assert.equal(server.calls[0]?.path, '/v2/info/mobile/payout/list');
});
