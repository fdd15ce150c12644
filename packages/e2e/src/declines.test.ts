import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { taken } from './merchant.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

/** The simulator's numbers that misbehave, and how a purchase ends whose payer types every code that is wanted. */
const ends = {
  'insufficient balance': ['77000000101', '20105'],
  'too large an amount': ['77000000102', '20101'],
  'too small an amount': ['77000000103', '20101'],
  'the day’s limit': ['77000000104', '20101'],
  'the month’s limit': ['77000000105', '20101'],
  'the day’s number of payments': ['77000000106', '20101'],
  'an unidentified subscriber': ['77000000107', '20101'],
  'a trust credit': ['77000000108', '20201'],
  'an unused starting balance': ['77000000109', '20201'],
  'a tariff without payments': ['77000000110', '20201'],
  'a corporate line': ['77000000111', '20201'],
  'a barred line': ['77000000112', '20201'],
  'no registration': ['77000000113', '20201'],
  'a blocked number': ['77000000114', '20201'],
  'an unknown number': ['77000000115', '20102'],
  'a number of another operator': ['77000000116', '20102'],
  'another open payment': ['77000000117', '3613'],
  'the same payment just now': ['77000000118', '3613'],
  'an unknown reason': ['77000000119', '20100'],
  'no reason': ['77000000120', '20000'],
  'a denial after a while': ['77000000204', '20105'],
  'a charge denied for its balance': ['77000000401', '20105'],
  'a failed charge': ['77000000402', '20100'],
  'a refused confirmation': ['77000000403', '20105'],
  'a lapsed reservation': ['77000000410', '20301'],
  'a reservation that lapses in doubt': ['77000000411', '20301'],
  'a charge denied without a reason': ['77000000415', '20000'],
  'a number that is none in Kazakhstan': ['998901234567', '20102'],
  'a number of four digits': ['7701', '20102'],
  'a number of 24 digits': ['770112345678901234567890', '20102'],
} as const;

const paid = {
  'no code wanted': '77000000201',
  'a code that comes later': '77000000202',
  'prepared later, no code wanted': '77000000203',
  'a first call answered with 503 although it was done': '77000000304',
  'a first call answered with 429 twice': '77000000305',
  'a validation whose answer is lost': '77000000307',
  'a validation answered with 500: the code is typed again': '77000000308',
  'a confirmation that charges and loses its answer': '77000000404',
  'a confirmation that is lost': '77000000405',
  'a charge that comes late': '77000000406',
  'a charge that nobody tells of': '77000000407',
  'notices twice and out of order': '77000000408',
} as const;

const ported = { BEELINE: '77000000601', ACTIV: '77000000602', KCELL: '77000000603', TELE2: '77000000604' } as const;

let stage: Stage;
before(async () => {
  // Many of these numbers are one operator's, and it may be five of them in a row whose calls fail.
  stage = await Stage.set({ BREAKER_FAILURES: '1000' });
});
after(() => stage[Symbol.asyncDispose]());

/** A purchase whose callbacks go where the sandbox's project sends them: to the demo merchant. */
async function buy(phone: string, payment?: object): Promise<string> {
  const paymentId = newPaymentId();
  await taken(stage.merchant.sale({ paymentId, phone, ...(payment && { payment }) }), paymentId);
  return paymentId;
}

describe('the ends of purchases', { concurrency: true }, () => {
  describe('a purchase is declined:', { concurrency: true }, () => {
    for (const [why, [phone, code]] of Object.entries(ends)) {
      test(`${why} is ${code}`, async () => {
        const paymentId = await buy(phone);
        const { payment, operations } = await stage.seeThrough(paymentId, phone);
        assert.equal(payment.status, 'decline');
        assert.deepEqual(payment.sum, { amount: 100_000, currency: 'KZT' }, 'the sum asked for stays');
        assert.deepEqual(
          operations.map((operation) => [operation.type, operation.status, operation.code]),
          [['sale', 'decline', code]],
        );
        assert.deepEqual(await stage.operator.moved(paymentId), []);
        await stage.atShop(paymentId).assertShows('decline', code);
      });
    }

    test('a payer who refuses at the operator is 20301', async () => {
      const { paymentId, inbox } = await stage.awaitingCode({ phone: '77000000412' });
      const declined = await inbox.take(2, 'decline');
      assert.equal(declined.operation.code, '20301');
      assert.deepEqual(await stage.operator.moved(paymentId), []);
    });

    test('best_before has passed: 603, and no text is sent', async () => {
      const phone = newPhone();
      const paymentId = await buy(phone, { best_before: '2024-12-07T19:08:45+0000' });
      const { operations } = await stage.seeThrough(paymentId, phone);
      assert.equal(operations[0]?.code, '603');
      assert.deepEqual(await stage.operator.messages(phone, paymentId), []);
      await stage.atShop(paymentId).assertShows('decline', '603');
    });

    test('best_before passes while the code is awaited: 603', async () => {
      const paymentId = await buy(newPhone(), { best_before: new Date(Date.now() + 2_500).toISOString() });
      await stage.atShop(paymentId).assertShows('decline', '603');
    });
  });

  describe('a purchase is paid, once, in spite of', { concurrency: true }, () => {
    for (const [what, phone] of Object.entries(paid)) {
      test(what, async () => {
        const paymentId = await buy(phone);
        const { payment } = await stage.seeThrough(paymentId, phone);
        assert.equal(payment.status, 'success');
        assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
        await stage.atShop(paymentId).assertShows('success', '0');
      });
    }
  });

  describe('the operator’s word', { concurrency: true }, () => {
    for (const [operator, phone] of Object.entries(ported)) {
      test(`on the brand wins: a ported number is ${operator}’s`, async () => {
        const { asked } = await stage.awaitingCode({ phone });
        assert.deepEqual(asked.account, { number: phone, type: operator });
      });
    }

    test('on another sum than asked leaves the payment open for a person', async () => {
      const phone = '77000000409';
      const { paymentId, code, inbox } = await stage.awaitingCode({ phone });
      await taken(stage.merchant.code(paymentId, code), paymentId);
      const [charged] = await eventually('the charge', async () => {
        const moved = await stage.operator.moved(paymentId);
        return moved.length > 0 && moved;
      });
      assert.equal(charged, 99_900);
      const status = await stage.merchant.status(paymentId);
      assert.equal(status.payment.status, 'processing');
      assert.equal(status.operations[0]?.code, '9999');
      assert.equal(inbox.received.length, 1, 'the merchant is told no end');
    });

    test('of a charge after a decline is answered by giving it back; the merchant hears of the decline alone', async () => {
      const phone = '77000000413';
      const { paymentId, code, inbox } = await stage.awaitingCode({ phone });
      await taken(stage.merchant.code(paymentId, code), paymentId);
      const declined = await inbox.take(2, 'decline');
      assert.equal(declined.operation.code, '20100');
      await eventually(
        'the late charge is given back',
        async () => {
          assert.deepEqual(await stage.operator.moved(paymentId), [100_000, -100_000]);
          return true;
        },
        30_000,
      );
      assert.deepEqual(inbox.story, ['awaiting clarification sale 9999 code_requested', 'decline sale 20100']);
      const { payment, operations } = await stage.merchant.status(paymentId);
      assert.equal(payment.status, 'decline');
      assert.deepEqual(payment.sum, { amount: 100_000, currency: 'KZT' });
      assert.equal(operations.length, 1);
    });
  });
});
