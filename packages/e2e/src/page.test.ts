import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import ecommpay from 'ecommpay';
import { eventually } from './eventually.ts';
import { wrongCode } from './operator.ts';
import { encryptedPath, PagePayer, sampleConfig, signedConfig, widgetQuery } from './page-payer.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

interface Opened {
  readonly paymentId: string;
  readonly inbox: ReturnType<Stage['endpoint']['inbox']>;
  readonly payer: PagePayer;
}

/** The sample's page, opened by a widget; its callbacks go to an inbox of the story's own. */
async function opened(more: object = {}): Promise<Opened> {
  const paymentId = newPaymentId();
  const inbox = stage.endpoint.inbox(paymentId);
  const payer = new PagePayer(stage.sandbox.platform);
  const config = signedConfig(sampleConfig(paymentId, { merchant_callback_url: inbox.url, ...more }));
  assert.equal(await payer.open(`/payment?${widgetQuery(config)}`), 'number', payer.html);
  return { paymentId, inbox, payer };
}

/** From the number to the receipt, without a script. */
async function pay({ payer, paymentId }: Pick<Opened, 'payer' | 'paymentId'>, phone = newPhone()): Promise<void> {
  await payer.submit('number', { number: phone });
  assert.equal(await payer.settled(), 'code');
  await payer.submit('code', { code: await stage.operator.code(phone, paymentId) });
  assert.equal(await payer.settled(), 'success', payer.html);
  assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
}

const shapeOf = (raw: string): unknown =>
  JSON.parse(raw, (key, value: unknown) =>
    ['id', 'date', 'created_date', 'request_id', 'payment_id', 'number', 'signature'].includes(key)
      ? typeof value
      : value,
  );

describe('the Payment Page', { concurrency: true }, () => {
  test('a whole purchase without a script; its last callback is Gate’s', async () => {
    const page = await opened();
    await pay(page);
    assert.ok(page.payer.html.includes(page.paymentId));
    await page.inbox.take(2, 'success');
    assert.deepEqual(page.inbox.story, ['awaiting clarification sale 9999 code_requested', 'success sale 0']);
    const gate = await stage.paid();
    assert.deepEqual(shapeOf(page.inbox.received.at(-1)?.raw ?? ''), shapeOf(gate.inbox.received.at(-1)?.raw ?? ''));
    const status = await stage.merchant.status(page.paymentId);
    assert.equal(status.payment.status, 'success');
  });

  test('a link made by the public SDK as it is', async () => {
    const paymentId = newPaymentId();
    const link = new ecommpay.Payment(1234, 'test-secret', {}, stage.sandbox.platform);
    Object.assign(link, {
      paymentId,
      paymentAmount: 100_000,
      paymentCurrency: 'KZT',
      paymentDescription: 'Чай & печенье: "тест"',
      customerId: 'customer_123',
      customerFirstName: 'John',
      customerLastName: 'Doe',
      customerEmail: 'johndoe@example.com',
      forcePaymentMethod: 'mobile',
      closeOnMissclick: true,
      redirect: false,
    });
    const payer = new PagePayer(stage.sandbox.platform);
    assert.equal(await payer.open(link.getUrl()), 'number', payer.html);
    assert.ok(payer.html.includes('Чай &amp; печенье: &quot;тест&quot;'));
    await pay({ payer, paymentId });
  });

  test('the sample with an operator, its options signed as an object, by GET and by POST', async () => {
    for (const way of ['GET', 'POST'] as const) {
      const paymentId = newPaymentId();
      const options = { enable_mobile_service: 1, selected_operator: 'TELE2' };
      const query = widgetQuery(signedConfig(sampleConfig(paymentId, { payment_methods_options: options })), 'iframe');
      const payer = new PagePayer(stage.sandbox.platform);
      const shown = way === 'GET' ? await payer.open(`/payment?${query}`) : await payer.openByPost(query);
      assert.equal(shown, 'number', payer.html);
      assert.match(payer.html, /type="hidden" name="operator" value="TELE2"/);
      assert.equal(payer.fact('opened'), 'iframe');
      assert.match(payer.headers.get('content-security-policy') ?? '', /frame-ancestors http:\/\/127\.0\.0\.1:\*/);
      await pay({ payer, paymentId });
    }
  });

  test('an encrypted link, as every SDK makes it', async () => {
    for (const slash of ['/', ''] as const) {
      const paymentId = newPaymentId();
      const query = widgetQuery(signedConfig(sampleConfig(paymentId)));
      const payer = new PagePayer(stage.sandbox.platform);
      assert.equal(await payer.open(encryptedPath(query, slash)), 'number', payer.html);
      if (slash === '/') await pay({ payer, paymentId });
    }
  });

  test('a changed link is a page for its developer, and no payment', async () => {
    const paymentId = newPaymentId();
    const query = widgetQuery(signedConfig(sampleConfig(paymentId)));
    const payer = new PagePayer(stage.sandbox.platform);
    await payer.open(`/payment?${query.replace('100000', '1')}`);
    assert.equal(payer.status, 400);
    assert.match(payer.html, /<code>signature<\/code>/);
    assert.equal((await stage.merchant.status(paymentId)).payment.status, 'error');
  });

  test('a wrong code, then an expired one, then a new one pays', async () => {
    const page = await opened();
    const { payer, paymentId } = page;
    const phone = newPhone('7701');
    await stage.operator.treat('KCELL', { codeLifeSeconds: 6, resendAfterSeconds: 1 });
    await payer.submit('number', { number: `+7 ${phone.slice(1)}` });
    assert.equal(await payer.settled(), 'code');
    const first = await stage.operator.code(phone, paymentId);
    await payer.submit('code', { code: wrongCode(first) });
    await eventually(
      'the wrong code is told',
      async () => (await payer.reload()) && payer.fact('notice') === 'code_wrong',
    );
    const expiresAt = Number(/data-clock="(\d+)"\s+data-name="code"/.exec(payer.html)?.[1]);
    await eventually('the code has expired', () => Date.now() > expiresAt + 200);
    await payer.submit('code', { code: first });
    await eventually(
      'the end of the code is told',
      async () => (await payer.reload()) && payer.fact('notice') === 'code_expired',
    );
    await stage.operator.treat('KCELL', { codeLifeSeconds: 80 });
    await payer.submit('resend');
    await eventually(
      'a new code is told',
      async () => (await payer.reload()) && payer.fact('notice') === 'code_resent',
    );
    await payer.submit('code', { code: await stage.operator.code(phone, paymentId, 2) });
    assert.equal(await payer.settled(), 'success');
    await page.inbox.take(5, 'success');
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
  });

  test('a decline says no more than a stranger may know, and the payer pays with another number', async () => {
    const page = await opened();
    const { payer } = page;
    await payer.submit('number', { number: '77000000101' });
    assert.equal(await payer.settled(), 'decline');
    const poor = payer.html;
    const other = await opened();
    await other.payer.submit('number', { number: '77000000115' });
    assert.equal(await other.payer.settled(), 'decline');
    const reason = (html: string): string => /<h1[^>]*>[^<]*<\/h1>\s*<p>([\s\S]*?)<\/p>/.exec(html)?.[1] ?? '';
    assert.equal(reason(poor), reason(other.payer.html));
    assert.ok(reason(poor).length > 20);
    assert.ok(!poor.includes('20105'));

    await payer.submit('change-number');
    assert.equal(await payer.settled(), 'number');
    await pay(page);
    await page.inbox.take(3, 'success');
    assert.deepEqual(page.inbox.story, [
      'awaiting customer sale 20105',
      'awaiting clarification sale 9999 code_requested',
      'success sale 0',
    ]);
  });

  test('the number is changed while its code is awaited: the first sale is cancelled, the second pays', async () => {
    const page = await opened();
    const { payer } = page;
    await payer.submit('number', { number: newPhone() });
    assert.equal(await payer.settled(), 'code');
    await payer.submit('change-number');
    await payer.until('number', 30_000);
    await pay(page);
  });

  test('the link opened again on another device goes on where the payer is, with the number masked', async () => {
    const page = await opened();
    const phone = newPhone();
    await page.payer.submit('number', { number: phone });
    assert.equal(await page.payer.settled(), 'code');
    const config = signedConfig(sampleConfig(page.paymentId, { merchant_callback_url: page.inbox.url }));
    const second = new PagePayer(stage.sandbox.platform);
    assert.equal(await second.open(`/payment?${widgetQuery(config, 'popup')}`), 'code');
    assert.ok(!second.html.includes(phone.slice(1)) && second.html.includes(`•• ${phone.slice(-2)}`));
    await second.submit('code', { code: await stage.operator.code(phone, page.paymentId) });
    assert.equal(await second.settled(), 'success');
    assert.equal(await page.payer.reload(), 'success');
  });

  test('past its best_before a link shows a calm end, and no payment begins', async () => {
    const paymentId = newPaymentId();
    const config = signedConfig(sampleConfig(paymentId, { best_before: '2024-01-01T00:00:00+06:00' }));
    const payer = new PagePayer(stage.sandbox.platform);
    assert.equal(await payer.open(`/payment?${widgetQuery(config)}`), 'expired');
    assert.equal((await stage.merchant.status(paymentId)).payment.status, 'error');
  });

  test('what the platform pushes comes as it happens', async () => {
    const { payer, paymentId } = await opened();
    const phone = newPhone();
    const stream = await fetch(
      `${stage.sandbox.platform}${payer.fact('base')}/events?version=${payer.fact('version')}`,
      { headers: payer.asks },
    );
    assert.equal(stream.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const kinds: string[] = [];
    const reading = (async () => {
      let text = '';
      for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const found = [...text.matchAll(/event: screen\ndata: (.*)\n\n/g)].map(
          ([, data]) => JSON.parse(data ?? '""') as string,
        );
        kinds.splice(0, kinds.length, ...found.map((html) => /data-kind="(\w+)"/.exec(html)?.[1] ?? ''));
        if (kinds.at(-1) === 'success') return;
      }
    })();
    await payer.submit('number', { number: phone });
    assert.equal(await payer.settled(), 'code');
    await payer.submit('code', { code: await stage.operator.code(phone, paymentId) });
    await reading;
    assert.deepEqual(
      kinds.filter((kind, at) => kind !== 'waiting' && kind !== kinds[at - 1]),
      ['code', 'success'],
    );
  });
});

test('an operator that is down is shown with the reason, and the others go on', async () => {
  await stage.operator.disturb({ operator: 'BEELINE', call: 'prepare', answer: 503, seconds: 120 });
  const ill = Array.from({ length: 12 }, () =>
    stage.merchant.sale({ paymentId: newPaymentId(), phone: newPhone('7705') }),
  );
  await Promise.all(ill);
  const { payer, ...page } = await opened();
  await eventually('the page tells of the outage', async () => {
    await payer.reload();
    return /value="BEELINE"[^>]* disabled/.test(payer.html);
  });
  await payer.submit('number', { number: newPhone('7705') });
  assert.deepEqual([payer.status, payer.kind], [422, 'number']);
  await pay({ payer, ...page });
});
