import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signMessage, verifyMessage } from '@rocketpay/contract/signature.ts';
import type { Rocketpay } from './client.ts';
import { answer, client, failure } from './test-kit/merchant.ts';
import { codeWrong, paid, refunded, SECRET, signed } from './test-kit/samples.ts';
import { startScriptedServer, type Step } from './test-kit/scripted-server.ts';

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

test('a request is found by the id of its answer, in the family’s older shape', async () => {
  const older = {
    general: { project_id: 1234, payment_id: 'payment_47' },
    request_id: 'r-1',
    transaction: { id: 47, type: 'refund', date: '2024-12-07T19:08:45+0000' },
    status: 'partially refunded',
    payment: { id: 'x', result_code: '0', result_message: 'Success' },
    sum_request: { amount: 30000, currency: 'KZT' },
    sum_real: { amount: 100000, currency: 'KZT' },
    errors: [],
  };
  const signature = signMessage(older, SECRET);
  const whole = { ...older, general: { ...older.general, signature } };
  await using server = await startScriptedServer(
    answer(whole),
    answer({ ...whole, status: 'success' }),
    answer({ status: 'error', code: '3061', message: 'Transaction not found' }, 404),
  );
  const { raw: _raw, ...found } = await client(server).statusByRequest({ requestId: 'r-1' });
  assert.deepEqual(found, {
    projectId: 1234,
    paymentId: 'payment_47',
    requestId: 'r-1',
    status: 'partially refunded',
    operationType: 'refund',
    code: '0',
    message: 'Success',
    sumRequested: { amountMinor: 30000, currency: 'KZT' },
    sumCharged: { amountMinor: 100000, currency: 'KZT' },
    errors: [],
  });
  const [sent] = server.calls;
  assert.equal(sent?.path, '/v2/payment/status/request');
  const body = JSON.parse(sent.body) as { signature: string };
  assert.ok(verifyMessage(body, body.signature, SECRET));
  assert.deepEqual({ ...body, signature: '' }, { project_id: 1234, request_id: 'r-1', signature: '' });
  assert.equal((await failure(client(server).statusByRequest({ requestId: 'r-1' }))).reason, 'wrong_signature');
  const unknown = await failure(client(server).statusByRequest({ requestId: 'r-2' }));
  assert.deepEqual([unknown.outcome, unknown.code, unknown.httpStatus], ['refused', '3061', 404]);
});

test('the ways to pay are read by currency, with the family’s spellings', async () => {
  const method = {
    title: 'Mobile',
    direction: 'payin',
    limits: { 'min amount': 10000, 'max amount': 5000000 },
    mobile_operatiors: ['TELE2', 'KCELL'],
  };
  await using server = await startScriptedServer(answer({ KZT: { mobile: method } }));
  const request = { amountMinor: 100000, currency: 'KZT', method: 'mobile', customerId: 'c', withUnavailable: true };
  const found = await client(server).availableMethods(request);
  assert.deepEqual(
    found.map(({ raw: _raw, ...rest }) => rest),
    [
      {
        currency: 'KZT',
        method: 'mobile',
        title: 'Mobile',
        direction: 'payin',
        minAmountMinor: 10000,
        maxAmountMinor: 5000000,
        operators: ['TELE2', 'KCELL'],
      },
    ],
  );
  const { signature, ...sent } = JSON.parse(server.calls[0]?.body ?? '{}') as { signature: string };
  assert.ok(verifyMessage(sent, signature, SECRET));
  assert.deepEqual(sent, {
    project_id: 1234,
    directions: ['payin'],
    amount: 100000,
    currency: 'KZT',
    payment_method: 'mobile',
    show_unavailable_methods_by_rules: true,
    customer: { id: 'c' },
  });
});

test('whether a way to pay can be offered is believed only when signed', async () => {
  const told = { project_id: 1234, available_methods: [{ payment_method: 'mobile', is_available: true }] };
  await using server = await startScriptedServer(answer(signed(told)), answer(told));
  const ask = (): ReturnType<Rocketpay['checkMethods']> =>
    client(server).checkMethods([{ method: 'mobile', amountMinor: 100000, currency: 'KZT' }]);
  assert.deepEqual(await ask(), [{ method: 'mobile', isAvailable: true }]);
  assert.equal((await failure(ask())).reason, 'unsigned');
  assert.equal(server.calls[0]?.path, '/v2/info/available-methods/purchase/list');
  const { payment_method_list } = JSON.parse(server.calls[0].body) as { payment_method_list: unknown };
  assert.deepEqual(payment_method_list, [{ payment_method: 'mobile', amount: 100000, currency: 'KZT' }]);
});

test('while the secret rotates the new one signs and both prove', async () => {
  await using server = await startScriptedServer(answer(signed(state)));
  const rocketpay = client(server, { secret: ['the-new-one', SECRET] });
  assert.equal((await rocketpay.status({ paymentId: 'payment_47' })).payment.id, 'payment_47');
  const sent = JSON.parse(server.calls[0]?.body ?? '{}') as { general: { signature: string } };
  assert.ok(verifyMessage(sent, sent.general.signature, 'the-new-one'));
});
