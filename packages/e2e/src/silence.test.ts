import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { taken } from './merchant.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

/** Waiting is short here: three seconds for the operator's first answer, five for a code. */
let stage: Stage;
before(async () => {
  stage = await Stage.set({ PREPARE_DEADLINE_SECONDS: '3', CLARIFICATION_WAIT_SECONDS: '5' });
});
after(() => stage[Symbol.asyncDispose]());

describe('silence', { concurrency: true }, () => {
  test('a payment past its longest time ends although a code was just asked for', async () => {
    await using strict = await Stage.set({ THRESHOLD_SECONDS: '6' });
    const { inbox } = await strict.awaitingCode({ phone: newPhone() });
    const declined = await inbox.take(2, 'decline');
    assert.equal(declined.operation.code, '603');
  });

  test('of the payer ends the payment with 603 and cancels at the operator', async () => {
    const { merchant, operator } = stage;
    const { paymentId, phone, inbox, code, asked } = await stage.awaitingCodeAtShop();
    const declined = await inbox.take(2, 'decline');
    assert.equal(declined.operation.code, '603');
    assert.equal(declined.operation.message, 'Auto decline');
    assert.deepEqual(declined.payment.sum, { amount: 100_000, currency: 'KZT' });
    await eventually('the session is cancelled', async () => {
      return (await operator.sessionStatus(asked.operation.provider.payment_id)) === 'cancelled';
    });
    await inbox.assertShows('decline', '603');
    assert.equal((await merchant.status(paymentId)).payment.status, 'decline');
    const late = await merchant.code(paymentId, code);
    assert.equal(late.json.code, '3060');
    assert.deepEqual(await operator.moved(paymentId), []);
    assert.equal((await operator.messages(phone, paymentId)).length, 1);
  });

  test('of an operator that made nothing ends with 20602', async () => {
    for (const end of await Promise.all([
      declineOf('77000000301'),
      declineOf('77000000306'),
      declineOf('77000000303'),
    ])) {
      assert.equal(end.code, '20602');
      assert.equal(end.message, 'Time-out');
    }
  });

  test('of an operator that made the payment is broken by asking: the code is wanted after all', async () => {
    const { merchant } = stage;
    const { paymentId, inbox, code } = await stage.awaitingCodeAtShop({ phone: '77000000302' });
    await taken(merchant.code(paymentId, code), paymentId);
    await inbox.take(2, 'success');
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
  });
});

async function declineOf(phone: string): Promise<{ code: string; message: string }> {
  const paymentId = newPaymentId();
  await taken(stage.merchant.sale({ paymentId, phone }), paymentId);
  const shop = stage.atShop(paymentId);
  const { operation, payment } = await shop.take(1, 'decline', 20_000);
  await shop.assertShows('decline', operation.code);
  assert.equal((await stage.merchant.status(paymentId)).payment.status, payment.status);
  assert.deepEqual(await stage.operator.moved(paymentId), []);
  return operation;
}
