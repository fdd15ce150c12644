import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TOP } from './config.ts';
import { type Behaviour, MerchantEndpoint } from './endpoint.ts';
import type { CallbackBody } from './envelope.ts';
import { eventually } from './eventually.ts';
import { clear, newFolder } from './folders.ts';
import { taken } from './merchant.ts';
import { wrongCode } from './operator.ts';
import { freePorts } from './ports.ts';
import { rocketpay } from './rocketpay.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

const ASKED = 'awaiting clarification';
/** The first repeats come every ten seconds. */
const REPEAT_MS = 25_000;

let stage: Stage;
before(async () => {
  stage = await Stage.set({ CALLBACK_TIMEOUT_SECONDS: '2', CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32' });
});
after(() => stage[Symbol.asyncDispose]());

/** Buys with these callback settings, pays, and resolves once the status says so. */
async function buy(general: object, rest: { phone?: string; callback?: object } = {}): Promise<string> {
  const [paymentId, phone] = [newPaymentId(), rest.phone ?? newPhone()];
  await taken(
    stage.merchant.sale({ paymentId, phone, general, ...(rest.callback && { callback: rest.callback }) }),
    paymentId,
  );
  await stage.seeThrough(paymentId, phone);
  return paymentId;
}

const answers: Record<string, Behaviour> = {
  'a status of 201': { status: 201 },
  'a status of 204': { status: 204 },
  'a status of 404': { status: 404 },
  'a status of 500': { status: 500 },
  'a dropped connection': { drop: true },
  'an answer that comes too late': { delayMs: 4_000 },
};

describe('a callback', { concurrency: true }, () => {
  test('in order: an undelivered question gives way, an undelivered end does not', async () => {
    const { merchant, operator, endpoint } = stage;
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const inbox = endpoint.inbox(paymentId);
    inbox.behave({ status: 503 });
    await taken(merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
    await inbox.take(1, ASKED);
    const code = await operator.code(phone, paymentId);
    await taken(merchant.code(paymentId, wrongCode(code)), paymentId);
    await inbox.take(2, ASKED);
    await taken(merchant.code(paymentId, code), paymentId);
    await inbox.take(3, 'success');
    const undelivered = `callback list --project 1234 --payment ${paymentId} --state waiting --last 503`;
    await eventually('its failure is written down', async () => {
      return (await rocketpay<{ callbacks: object[] }>(stage.sandbox, undelivered)).callbacks.length === 1;
    });
    const heard = inbox.received.length;
    await taken(merchant.refund(paymentId, { amount: 1_000, currency: 'KZT' }), paymentId);
    const repeated = await eventually('the end is tried again at once', () => inbox.received[heard], 5_000);
    assert.equal(repeated.body.payment.status, 'success', 'the refund waits behind the end');

    inbox.behave({ status: 200 });
    const refunded = await inbox.take(4, 'partially refunded', REPEAT_MS);
    assert.equal(refunded.payment.sum.amount, 99_000);
    const { received } = inbox;
    assert.equal(received.at(-1)?.body.payment.status, 'partially refunded');
    assert.equal(received.at(-2)?.body.payment.status, 'success');
    assert.equal(received.at(-2)?.answered, 200);
    const ends = received.filter((one) => one.body.payment.status === 'success');
    assert.equal(new Set(ends.map((one) => one.raw)).size, 1, 'a repeat is byte for byte the same');
    const ids = new Set(received.map((one) => `${one.headers['webhook-id']} ${one.raw}`));
    assert.equal(
      ids.size,
      new Set(received.map((one) => one.headers['webhook-id'])).size,
      'an id tells one callback from all others',
    );
    assert.deepEqual(inbox.story, [
      `${ASKED} sale 9999 code_requested`,
      `${ASKED} sale 9999 code_wrong`,
      'success sale 0',
      'partially refunded refund 0',
    ]);
    const bodies = [...new Set(received.map((one) => one.raw))];
    const order = received.map((one) => bodies.indexOf(one.raw));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      'nothing older comes after something newer',
    );
  });

  // Each in one test, as the runner starts tests that lie side by side in random order only bit by bit.
  test('is repeated, byte for byte, until a 200', async () => {
    await Promise.all(Object.entries(answers).map(([what, behaviour]) => assertRepeated(what, behaviour)));
  });

  test('is not sent on by a redirect, and repeated', async () => {
    const elsewhere = stage.endpoint.inbox(newPaymentId());
    const headers = { location: elsewhere.url };
    await Promise.all([301, 302, 307, 308].map((status) => assertRepeated(`a ${status}`, { status, headers })));
    assert.equal(elsewhere.received.length, 0);
  });

  test('reaches a merchant who was away, with the last question left out', async () => {
    const [port = 0] = await freePorts(1);
    const away = await MerchantEndpoint.open(port);
    const [name, phone] = [newPaymentId(), newPhone()];
    const { url } = away.inbox(name);
    await away[Symbol.asyncDispose]();
    await buy({ merchant_callback_url: url }, { phone });
    await using back = await MerchantEndpoint.open(port);
    const paid = await back.inbox(name).take(1, 'success', REPEAT_MS);
    assert.equal(paid.account.number, phone);
    assert.equal(back.inbox(name).received.length, 1);
  });

  test('is verified, as it came, in every way that callbacks.md shows', async () => {
    const inbox = stage.endpoint.inbox(newPaymentId());
    const paymentId = await buy({ merchant_callback_url: inbox.url });
    await inbox.take(2, 'success');
    const folder = newFolder();
    symlinkSync(join(TOP, 'node_modules'), join(folder, 'node_modules'));
    const guide = readFileSync(join(TOP, 'docs/guides/callbacks.md'), 'utf8');
    const samples = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    assert.equal(samples.length, 3);
    for (const [index, text] of samples.entries()) {
      const file = join(folder, `verify-${index}.mjs`);
      writeFileSync(file, text);
      const { verify } = (await import(file)) as { verify(text: string, headers: object): CallbackBody };
      for (const { raw, headers } of inbox.received) {
        assert.equal(verify(raw, headers).payment.id, paymentId);
        assert.throws(() => verify(raw.replace('"amount":100000', '"amount":1'), headers));
        if (!text.includes('whsec_') && !text.includes('base64')) continue;
        const changed = {
          'webhook-id': `${headers['webhook-id']}0`,
          'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1),
          'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
        };
        for (const [name, value] of Object.entries(changed))
          assert.throws(() => verify(raw, { ...headers, [name]: value }), name);
      }
    }
    await clear(folder);
  });

  test('goes to the address of its kind', async () => {
    const [all, success, decline] = ['all', 'success', 'decline'].map((kind) =>
      stage.endpoint.inbox(`${kind}-${newPaymentId()}`),
    );
    assert.ok(all && success && decline);
    const general = {
      merchant_callback_url: all.url,
      merchant_success_callback_url: success.url,
      merchant_decline_callback_url: decline.url,
    };
    const paidId = await buy(general);
    const declinedId = await buy(general, { phone: '77000000101' });
    assert.equal((await success.take(1, 'success')).payment.id, paidId);
    assert.equal((await decline.take(1, 'decline')).payment.id, declinedId);
    assert.equal((await all.take(1, ASKED)).payment.id, paidId);
    for (const inbox of [all, success, decline]) assert.equal(inbox.received.length, 1);
    const atShop = (await fetch(`${stage.sandbox.shop}/orders/${paidId}`)).status;
    assert.equal(atShop, 404, 'the project’s own address is not used');
  });

  test('goes to the project’s address when the request names none', async () => {
    const paymentId = await buy({});
    await stage.atShop(paymentId).assertShows('success', '0');
  });

  test('with a result waits as long as the merchant wants, a question never', async () => {
    const { merchant, operator, endpoint } = stage;
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const inbox = endpoint.inbox(paymentId);
    await taken(merchant.sale({ paymentId, phone, callbackUrl: inbox.url, callback: { delay: 8 } }), paymentId);
    await inbox.take(1, ASKED, 7_000);
    const unpaidAt = performance.now();
    await taken(merchant.code(paymentId, await operator.code(phone, paymentId)), paymentId);
    await eventually('it is paid', async () => (await merchant.status(paymentId)).payment.status === 'success');
    const paidAt = performance.now();
    await inbox.take(2, 'success');
    const toldAt = inbox.received[1]?.at ?? 0;
    assert.ok(toldAt - unpaidAt > 7_900 && toldAt - paidAt < 13_000, `it waited ${toldAt - paidAt} ms`);
  });

  test('is not sent at all when the merchant wants none; the status tells all', async () => {
    const inbox = stage.endpoint.inbox(newPaymentId());
    const paymentId = await buy({ merchant_callback_url: inbox.url }, { callback: { force_disable: true } });
    assert.equal((await stage.merchant.status(paymentId)).payment.status, 'success');
    await buyAndHear();
    assert.equal(inbox.received.length, 0);
  });

  test('is not sent to an address that is not allowed', async () => {
    let visitors = 0;
    const forbidden = createServer((_request, response) => {
      visitors += 1;
      response.end();
    });
    forbidden.listen(0, '127.0.0.2');
    await once(forbidden, 'listening');
    const url = `http://127.0.0.2:${(forbidden.address() as AddressInfo).port}/`;
    try {
      const paymentId = await buy({ merchant_callback_url: url });
      assert.equal((await stage.merchant.status(paymentId)).payment.status, 'success');
      await buyAndHear();
      assert.equal(visitors, 0);
    } finally {
      forbidden.close();
    }
  });
});

/** A whole purchase with its callbacks: after it, an earlier purchase's would have come too. */
async function buyAndHear(): Promise<void> {
  await stage.paid();
}

async function assertRepeated(what: string, behaviour: Behaviour): Promise<void> {
  const inbox = stage.endpoint.inbox(newPaymentId());
  inbox.behave(behaviour);
  await buy({ merchant_success_callback_url: inbox.url });
  const first = await eventually(`the first attempt before ${what}`, () => inbox.received[0]);
  inbox.behave({ status: 200 });
  const second = await eventually(`the second attempt after ${what}`, () => inbox.received[1], REPEAT_MS);
  assert.equal(second.raw, first.raw, what);
  assert.equal(second.headers['webhook-id'], first.headers['webhook-id'], what);
  // On a kept connection that is lost it may be tried once more at once: the merchant may have closed it before.
  if (behaviour.drop) return;
  assert.ok(second.at - first.at > 8_000, `${what}: not before its time`);
}
