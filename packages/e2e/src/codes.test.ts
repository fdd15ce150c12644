import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Inbox } from './endpoint.ts';
import { momentMs } from './envelope.ts';
import { eventually } from './eventually.ts';
import { refused, taken } from './merchant.ts';
import { wrongCode } from './operator.ts';
import type { ShopView } from './shop-view.ts';
import { type Awaiting, newPhone, Stage } from './stage.ts';

const ASKED = 'awaiting clarification';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

async function untilPast(moment: string | undefined): Promise<void> {
  assert.ok(moment);
  // The wire tells whole seconds.
  await eventually(`${moment} has passed`, () => Date.now() > momentMs(moment) + 1_000);
}

/** Types a wrong code and resolves to the callback that tells how it went. */
async function typeWrong({ paymentId, code, inbox }: Awaiting<Inbox | ShopView>, count: number, status = ASKED) {
  await taken(stage.merchant.code(paymentId, wrongCode(code)), paymentId);
  return inbox.take(count, status);
}

describe('codes', { concurrency: true }, () => {
  test('an expired one is told, costs no attempt, and a new one works', async () => {
    await stage.operator.treat('KCELL', { codeLifeSeconds: 2 });
    const payment = await stage.awaitingCodeAtShop({ phone: newPhone('7701') });
    const { paymentId, phone, inbox, code, asked } = payment;
    await untilPast(asked.clarification_info?.expires_at);
    await stage.operator.treat('KCELL', { codeLifeSeconds: 80 });
    await taken(stage.merchant.code(paymentId, code), paymentId);
    const expired = await inbox.take(2, ASKED);
    assert.equal(expired.clarification_info?.reason, 'code_expired');
    assert.equal(expired.clarification_info?.attempts_left, 5);
    await taken(stage.merchant.resend(paymentId), paymentId);
    const resent = await inbox.take(3, ASKED);
    assert.equal(resent.clarification_info?.reason, 'code_resent');
    await taken(stage.merchant.code(paymentId, await stage.operator.code(phone, paymentId, 2)), paymentId);
    await inbox.take(4, 'success');
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
  });

  test('a late one that the operator accepts pays', async () => {
    const { paymentId, inbox, code, asked } = await stage.awaitingCodeAtShop({ phone: '77000000207' });
    await untilPast(asked.clarification_info?.expires_at);
    await taken(stage.merchant.code(paymentId, code), paymentId);
    await inbox.take(2, 'success');
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
  });

  test('three may be sent again, a fourth is refused; the newest one pays', async () => {
    const { merchant, operator } = stage;
    const { paymentId, phone, inbox } = await stage.awaitingCodeAtShop({ phone: '77000000208' });
    for (const left of [2, 1, 0]) {
      const info = (await merchant.status(paymentId)).clarification_info;
      await untilPast(info?.resend_allowed_at);
      await taken(merchant.resend(paymentId), paymentId);
      const resent = await inbox.take(4 - left, ASKED);
      assert.equal(resent.clarification_info?.reason, 'code_resent');
      assert.equal(resent.clarification_info?.resends_left, left);
      assert.equal((await merchant.status(paymentId)).payment.status, ASKED, 'the status is right after a resend');
    }
    const why = await refused(merchant.resend(paymentId), '3060 general.payment_id no_resends_left');
    assert.match(why, /all resends are used/);
    assert.match((await inbox.resend()) ?? '', /all resends are used/);
    assert.equal((await operator.messages(phone, paymentId)).length, 4);
    await taken(merchant.code(paymentId, await operator.code(phone, paymentId, 4)), paymentId);
    await inbox.take(5, 'success');
  });

  test('five wrong ones end the payment with 20104 and cancel at the operator', async () => {
    const payment = await stage.awaitingCodeAtShop();
    for (const left of [4, 3, 2, 1]) {
      const wrong = await typeWrong(payment, 6 - left);
      assert.equal(wrong.clarification_info?.reason, 'code_wrong');
      assert.equal(wrong.clarification_info?.attempts_left, left);
    }
    const declined = await typeWrong(payment, 6, 'decline');
    assert.equal(declined.operation.code, '20104');
    assert.equal(declined.operation.message, 'Password attempts entry exceeded');
    await eventually('the session is cancelled', async () => {
      return (await stage.operator.sessionStatus(declined.operation.provider.payment_id)) === 'cancelled';
    });
    await refused(stage.merchant.code(payment.paymentId, payment.code), '3060 general.payment_id code_not_awaited');
    assert.equal((await stage.merchant.status(payment.paymentId)).payment.status, 'decline');
    await payment.inbox.assertShows('decline', '20104');
    assert.deepEqual(await stage.operator.moved(payment.paymentId), []);
  });

  test('wrong ones count over a resend', async () => {
    const payment = await stage.awaitingCodeAtShop({ phone: '77000000208' });
    await typeWrong(payment, 2);
    await typeWrong(payment, 3);
    await untilPast(payment.asked.clarification_info?.resend_allowed_at);
    await taken(stage.merchant.resend(payment.paymentId), payment.paymentId);
    const resent = await payment.inbox.take(4, ASKED);
    assert.equal(resent.clarification_info?.attempts_left, 3);
    const code = await stage.operator.code(payment.phone, payment.paymentId, 2);
    await typeWrong({ ...payment, code }, 5);
    await typeWrong({ ...payment, code }, 6);
    const declined = await typeWrong({ ...payment, code }, 7, 'decline');
    assert.equal(declined.operation.code, '20104');
  });

  test('three wrong ones end it where the operator says so', async () => {
    const payment = await stage.awaitingCodeAtShop({ phone: '77000000205' });
    await typeWrong(payment, 2);
    await typeWrong(payment, 3);
    const declined = await typeWrong(payment, 4, 'decline');
    assert.equal(declined.operation.code, '20104');
  });

  test('five wrong ones, and the operator charges all the same: it is given back', async () => {
    const payment = await stage.awaitingCode({ phone: '77000000414' });
    for (const count of [2, 3, 4, 5]) await typeWrong(payment, count);
    await typeWrong(payment, 6, 'decline');
    const back = async (): Promise<true> => {
      assert.deepEqual(await stage.operator.moved(payment.paymentId), [100_000, -100_000]);
      return true;
    };
    await eventually('the late charge is given back', back, 30_000);
    assert.equal(payment.inbox.received.length, 6);
  });

  test('a resend that hangs holds a code back for two seconds at most', async () => {
    const { merchant } = stage;
    const { paymentId, phone, inbox, asked } = await stage.awaitingCode({ phone: '77000000210' });
    await untilPast(asked.clarification_info?.resend_allowed_at);
    await taken(merchant.resend(paymentId), paymentId);
    const code = await stage.operator.code(phone, paymentId, 2);
    const from = performance.now();
    await refused(merchant.code(paymentId, code), '3060 general.payment_id resend_in_flight');
    const tookMs = performance.now() - from;
    assert.ok(tookMs > 1_500 && tookMs < 7_000, `it took ${tookMs} ms`);
    await eventually('the code is taken', async () => (await merchant.code(paymentId, code)).status === 200);
    assert.equal((await stage.seeThrough(paymentId, phone)).payment.status, 'success');
    assert.equal(inbox.received.at(-1)?.body.payment.status, 'success');
  });

  test('a resend that fails is told and given back, and the old code holds', async () => {
    const { paymentId, inbox, asked, code } = await stage.awaitingCode({ phone: '77000000211' });
    await untilPast(asked.clarification_info?.resend_allowed_at);
    await taken(stage.merchant.resend(paymentId), paymentId);
    const failed = await inbox.take(2, ASKED);
    assert.equal(failed.clarification_info?.reason, 'resend_failed');
    assert.equal(failed.clarification_info?.resends_left, 3);
    await taken(stage.merchant.code(paymentId, code), paymentId);
    await inbox.take(3, 'success');
  });
});
