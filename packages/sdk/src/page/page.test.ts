import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { test } from 'node:test';
import { sample, sampleOptions, sampleSignatures, secret } from '@rocketpay/contract/fixtures/page-links.ts';
import { readPageForm } from '@rocketpay/contract/page-form.ts';
import { openPageLink } from '@rocketpay/contract/page-link.ts';
import { parsePage } from '@rocketpay/contract/page-parameters.ts';
import { verifyPage } from '@rocketpay/contract/page-signature.ts';
import { pageParameters } from '@rocketpay/contract/page-table.ts';
import { Rocketpay, type RocketpayOptions } from '../client.ts';
import type { WidgetConfig } from '../widget.ts';
import { optionalNames, requiredNames, wireName, type PageParameters } from './parameters.ts';

const pageOf = (more: Partial<RocketpayOptions> = {}): Rocketpay['page'] =>
  new Rocketpay({ projectId: 1234, secret, baseUrl: 'https://pay.test', ...more }).page;

const purchase: PageParameters = {
  paymentId: 'payment_47',
  paymentAmount: 100000,
  paymentCurrency: 'KZT',
  customerId: 'customer_123',
  customerFirstName: 'John',
  customerLastName: 'Doe',
  customerEmail: 'johndoe@example.com',
  forcePaymentMethod: 'mobile',
};
const options = { enable_mobile_service: 1, selected_operator: 'TELE2' } as const;

test('the documented link has the signature known for it', () => {
  const url = new URL(pageOf().url(purchase));
  assert.equal(`${url.origin}${url.pathname}`, 'https://pay.test/payment');
  assert.deepEqual(Object.fromEntries(url.searchParams), { ...sample, signature: sampleSignatures.alone });
});

test('an object travels and is signed as its JSON', () => {
  const url = new URL(pageOf().url({ ...purchase, paymentMethodsOptions: options }));
  assert.equal(url.searchParams.get('payment_methods_options'), sampleOptions);
  assert.equal(url.searchParams.get('signature'), sampleSignatures.asText);
});

test('what is undefined is left out, among the extra parameters as well', () => {
  const { paymentDescription, ...rest } = { ...purchase, paymentDescription: undefined, extra: { note: undefined } };
  assert.equal(paymentDescription, undefined);
  assert.equal(pageOf().url(rest), pageOf().url(purchase));
});

test('the interface’s id may be a text', () => {
  const { searchParams } = new URL(pageOf().url({ ...purchase, interfaceType: { id: 'cms 7' } }));
  const parsed = parsePage(Object.fromEntries(searchParams));
  assert.equal(parsed.ok && parsed.value.interfaceTypeId, 'cms 7');
});

test('the widget gets the same parameters and signature, and nothing secret', () => {
  const config = pageOf({ pageEncryptionKey: 'hidden-key' }).widgetConfig({ ...purchase, redirect: true });
  const { signature, ...parameters } = config;
  assert.deepEqual(parameters, { ...sample, project_id: 1234, payment_amount: 100000, redirect: 1 });
  assert.ok(verifyPage({ ...sample, redirect: '1', signature }, secret));
  assert.ok(!/test-secret|hidden-key/.test(JSON.stringify(config)));
  config satisfies WidgetConfig;
});

test('every kind of value is one that the platform takes, over the link and encrypted', () => {
  const page = pageOf({ pageUrl: 'https://page.test/shop', pageEncryptionKey: 'encrypt_secret' });
  const all: PageParameters = {
    ...purchase,
    customerLastName: 'Әлия & "co" +1=2',
    paymentDescription: 'Шай №47: 100 % тәтті',
    bestBefore: new Date('2030-01-02T03:04:05.678Z'),
    hide: ['card', 'wallet'],
    closeOnMissclick: false,
    redirectOnMobile: true,
    merchantSuccessEnabled: 2,
    merchantSuccessUrl: 'https://shop.test/?a=1&b=2#c',
    paymentMethodsOptions: options,
    interfaceType: { id: 22 },
    receiptData: { positions: [{ quantity: 1, amount: 100000, description: 'Tea; green' }] },
    languageCode: 'kk',
    baseUrl: 'https://page.test',
    extra: { sender_city: 'Almaty', new_flag: true },
  };
  const link = new URL(page.url(all));
  assert.equal(link.pathname, '/shop/payment');
  const { form, faults } = readPageForm(link.search.slice(1));
  assert.deepEqual(faults, []);
  assert.ok(verifyPage(form, secret));
  const parsed = parsePage(form);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.deepEqual(
    [parsed.value.bestBeforeAt, parsed.value.hiddenMethods, parsed.value.operator, parsed.value.interfaceTypeId],
    [Date.parse('2030-01-02T03:04:05Z'), ['card', 'wallet'], 'TELE2', 22],
  );
  assert.deepEqual(
    [form['close_on_missclick'], form['redirect_on_mobile'], form['baseUrl'], form['new_flag']],
    ['0', '1', 'https://page.test', '1'],
  );
  assert.deepEqual(JSON.parse(Buffer.from(String(form['receipt_data']), 'base64').toString('utf8')), all.receiptData);

  const hidden = new URL(page.encryptedUrl(all));
  const [, token = ''] = /^\/shop\/1234\/([A-Za-z0-9]+={0,2})$/.exec(hidden.pathname) ?? [];
  assert.equal(openPageLink(token, 'encrypt_secret'), link.search.slice(1));
  assert.notEqual(page.encryptedUrl(all), hidden.href);
});

test('an encrypted link opens as the family’s SDKs write it', () => {
  const { pathname } = new URL(pageOf({ pageEncryptionKey: 'encrypt_secret' }).encryptedUrl(purchase));
  const [encrypted = '', iv = ''] = Buffer.from(pathname.split('/')[2] ?? '', 'base64')
    .toString('latin1')
    .split('::');
  const key = Buffer.concat([Buffer.from('encrypt_secret'), Buffer.alloc(18)]);
  const decipher = createDecipheriv('aes-256-cbc', key, Buffer.from(iv, 'base64'));
  const text = decipher.update(encrypted, 'base64', 'utf8') + decipher.final('utf8');
  assert.match(text, /^\/payment\?project_id=1234&.*&signature=[\w%]+$/);
});

test('what cannot be sent is refused by its name', () => {
  const page = pageOf();
  const bad: [object, RegExp][] = [
    [{ customerLastName: 'X;general:payment_id:payment_47' }, /customerLastName holds a semicolon/],
    [{ paymentMethodsOptions: { a: 'x;b:1' } }, /paymentMethodsOptions holds a semicolon/],
    [{ extra: { note: 'a;b' } }, /extra\.note holds a semicolon/],
    [{ paymentId: undefined }, /needs paymentId/],
    [{ paymentAmount: 10.5 }, /paymentAmount must be an integer of minor units/],
    [{ paymentAmount: '100' }, /paymentAmount must be an integer of minor units/],
    [{ paymentAmount: 0 }, /paymentAmount must be an integer of minor units, 1 or above/],
    [{ customerId: 12 }, /customerId must be a string/],
    [{ customerFirstName: '' }, /customerFirstName must not be empty/],
    [{ extra: null }, /extra must be an object/],
    [{ extra: { sender: { city: 'Almaty' } } }, /extra\.sender must be a string, a finite number or true or false/],
    [{ extra: { note: Number.NaN } }, /extra\.note must be a string, a finite number/],
    [{ extra: { note: null } }, /extra\.note must be/],
    [{ redirect: 1 }, /redirect must be true or false/],
    [{ bestBefore: new Date('never') }, /bestBefore must be a valid Date/],
    [{ hide: 'card' }, /hide must be a list of strings/],
    [{ interfaceType: 22 }, /interfaceType must be an object/],
    [{ receiptData: null }, /receiptData must be an object/],
    [{ payment_description: 'x' }, /payment_description is no parameter/],
    [{ toString: 'x' }, /toString is no parameter/],
    [{ extra: { payment_amount: 1 } }, /extra\.payment_amount is among the parameters already/],
    [{ extra: { signature: 'x' } }, /extra\.signature is no name/],
    [{ extra: { _note: 'x' } }, /extra\._note is no name/],
    [{ extra: { 'a:b': 'x' } }, /extra\.a:b is no name/],
  ];
  for (const [change, message] of bad) {
    const parameters = { ...purchase, ...change } as PageParameters;
    for (const make of [page.url, page.widgetConfig])
      assert.throws(() => make(parameters), { name: 'TypeError', message });
  }
  for (const none of [undefined, null, 'payment_47'] as unknown as PageParameters[])
    assert.throws(() => page.url(none), {
      name: 'TypeError',
      message: /^The argument of the Payment Page .* an object/,
    });
  assert.throws(() => page.encryptedUrl(purchase), /needs the option pageEncryptionKey/);
  for (const pageEncryptionKey of ['x'.repeat(33), 'Ә'.repeat(17)])
    assert.throws(() => pageOf({ pageEncryptionKey }), /1 to 32 bytes/);
  assert.throws(() => pageOf({ pageUrl: 'ftp://pay.test' }), /pageUrl must be an http or https address/);
});

test('every parameter the platform documents has its name here, and no other', () => {
  const ours = new Set([...requiredNames, ...optionalNames].map(wireName));
  // Set by the widget, and the SDK itself.
  const theirs = Object.keys(pageParameters).filter((name) => !['project_id', 'frame_mode', 'baseurl'].includes(name));
  assert.deepEqual(
    theirs.filter((name) => !ours.has(name)),
    [],
  );
  assert.deepEqual(
    [...ours].filter((name) => !theirs.includes(name)),
    [],
  );
});
