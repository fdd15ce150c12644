import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encrypted, sample, sampleOptions, sampleSignatures } from './fixtures/page-links.ts';
import { readPageForm, type PageForm } from './page-form.ts';
import { readMoment } from './page-kinds.ts';
import { openPageLink } from './page-link.ts';
import { parsePage, type PageRequest } from './page-parameters.ts';
import { pageParameters } from './page-table.ts';

const signature = sampleSignatures.alone;

function faultsOf(change: PageForm): string[] {
  const parsed = parsePage({ ...sample, signature, ...change });
  return parsed.ok ? [] : parsed.faults.map(({ code, field, constraint }) => `${code} ${field} ${constraint}`);
}

function read(change: PageForm = {}): PageRequest {
  const parsed = parsePage({ ...sample, signature, ...change });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

test('the sample is read, with everything that is optional left out', () => {
  const { kept, ...request } = read();
  assert.deepEqual(request, {
    projectId: 1234,
    paymentId: 'payment_47',
    amountMinor: 100_000,
    currency: 'KZT',
    description: null,
    customerId: 'customer_123',
    prefill: null,
    language: null,
    bestBeforeAt: null,
    forcedMethod: 'mobile',
    preselectedMethod: null,
    hiddenMethods: [],
    operator: null,
    buttons: {
      success: { url: null, enabled: null, mode: null },
      fail: { url: null, enabled: null, mode: null },
      return: { url: null, enabled: null, mode: null },
    },
    redirects: { success: null, fail: null },
    callbacks: { url: null, success: null, decline: null },
    interfaceTypeId: null,
    merchantData: null,
  });
  assert.deepEqual(Object.keys(kept), ['customer_first_name', 'customer_last_name', 'customer_email']);
});

test('each parameter that the method’s description requires is required, and all are told at once', () => {
  const required = Object.keys(sample).filter((name) => name !== 'force_payment_method');
  for (const name of required) {
    assert.deepEqual(faultsOf({ [name]: '' })[0], `2004 ${name} required`);
  }
  const parsed = parsePage({});
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.faults.map(({ field }) => field),
    [...required.toSorted((a, b) => order(a) - order(b)), 'signature'],
  );
});

const order = (name: string): number => Object.keys(pageParameters).indexOf(name);

const faulty: readonly (readonly [string, string, string])[] = [
  ['project_id', '0', '502 project_id minimum'],
  ['project_id', '4294967296', '502 project_id maximum'],
  ['project_id', '12a', '502 project_id integer'],
  ['payment_id', ' x', '3024 payment_id pattern'],
  ['payment_id', 'x'.repeat(256), '3024 payment_id maxLength'],
  ['payment_amount', '0', '502 payment_amount minimum'],
  ['payment_amount', '10.5', '502 payment_amount integer'],
  ['payment_amount', '10000000000001', '502 payment_amount maximum'],
  ['payment_currency', 'kzt', '3121 payment_currency pattern'],
  ['payment_currency', 'ZZZ', '3121 payment_currency currencyUnknown'],
  ['customer_email', 'nobody', '2426 customer_email format'],
  ['customer_id', 'x'.repeat(256), '2124 customer_id maxLength'],
  ['mode', 'payout', '2541 mode enum'],
  ['mode', 'nonsense', '2541 mode enum'],
  ['force_payment_method', 'card', '2541 force_payment_method enum'],
  ['payment_description', 'x'.repeat(256), '502 payment_description maxLength'],
  ['customer_phone', '+7 707', '502 customer_phone pattern'],
  ['best_before', 'tomorrow', '502 best_before format'],
  ['payment_methods_options', '[object Object]', '502 payment_methods_options json'],
  ['interface_type', '22', '502 interface_type json'],
  ['merchant_success_url', 'javascript:alert(1)', '502 merchant_success_url format'],
  ['redirect_fail_url', '//evil.example', '502 redirect_fail_url format'],
  ['redirect_success_url', 'https://a:b@shop.example/', '502 redirect_success_url format'],
  ['merchant_callback_url', `https://shop.example/${'x'.repeat(255)}`, '502 merchant_callback_url maxLength'],
  ['merchant_fail_enabled', '3', '502 merchant_fail_enabled enum'],
  ['redirect_success_mode', 'top', '502 redirect_success_mode enum'],
  ['redirect', 'yes', '502 redirect enum'],
  ['frame_mode', 'window', '502 frame_mode enum'],
  ['customer_day_of_birth', '31-02-2000', '502 customer_day_of_birth format'],
  ['receipt_data', '{"a":1}', '502 receipt_data pattern'],
  ['signature', 'short', '3261 signature signature'],
  ['signature', '', '3262 signature required'],
  ['payment_description', 'a\u0000b', '502 payment_description forbiddenCharacter'],
  ['anything_else', 'a;b', '702 anything_else signatureAmbiguity'],
  ['merchant_data', '{"note":"a;b"}', '702 merchant_data signatureAmbiguity'],
  ['merchant_data', '{"note":"a\\u003bb"}', '702 merchant_data signatureAmbiguity'],
  ['merchant_data', '{"a\\u003b":1}', '702 merchant_data signatureAmbiguity'],
  ['merchant_data', '{"a":"x;y","a":"z"}', '702 merchant_data signatureAmbiguity'],
  ['payment_methods_options', '{"x":{"y":["a\\u003bb"]}}', '702 payment_methods_options signatureAmbiguity'],
];

for (const [name, value, fault] of faulty) {
  test(`refused: ${name} ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.deepEqual(faultsOf({ [name]: value }), [fault]);
  });
}

test('what no signature covers is let be: a shop’s own address may have anything in it', () => {
  const referrer = 'https://shop.example/basket;jsessionid=1?x=1';
  assert.equal(read({ _referrer: referrer, _sw: 'a\u0000b' }).paymentId, 'payment_47');
});

test('a method may not be forced and hidden at once', () => {
  assert.deepEqual(faultsOf({ hide: 'card, mobile' }), ['2541 force_payment_method hidden']);
  assert.deepEqual(faultsOf({ hide: 'mobile', force_payment_method: '' }), []);
});

test('merchant_data is kept as it was written, and an object as JSON', () => {
  const { form } = readPageForm('merchant_data[basket]=7&merchant_data[note]=a');
  assert.equal(read({ merchant_data: '{ "basket": 7 }' }).merchantData, '{ "basket": 7 }');
  assert.equal(read(form).merchantData, '{"basket":"7","note":"a"}');
  assert.equal(read({}).merchantData, null);
});

test('what is given twice, and too much, is refused', () => {
  const constraints = (query: string): string[] => readPageForm(query).faults.map(({ constraint }) => constraint);
  assert.deepEqual(constraints('payment_id=1&payment_id=2'), ['unique']);
  assert.deepEqual(constraints('a[b]=1&a[b]=2'), ['unique']);
  assert.deepEqual(constraints('a=1&a[b]=2'), ['unique']);
  assert.deepEqual(constraints(Array.from({ length: 301 }, (_, at) => `p${at}=1`).join('&')), ['maxProperties']);
  assert.deepEqual(constraints('a=1&&b=2'), []);
});

test('what a merchant chooses is read', () => {
  const request = read({
    payment_methods_options: sampleOptions,
    hide: 'card, apple-pay',
    default_payment_method: 'mobile',
    customer_phone: '+77071234567',
    merchant_success_url: 'https://shop.example/done?x=1',
    merchant_success_enabled: '1',
    merchant_success_redirect_mode: 'parent_page',
    redirect_fail_url: 'https://shop.example/failed',
    merchant_callback_url: 'https://shop.example/callback',
    interface_type: '{"id": 20}',
    merchant_data: 'basket 7',
    best_before: 'Tue, 12 Dec 2028 12:12:12 +0300',
  });
  assert.equal(request.operator, 'TELE2');
  assert.deepEqual(request.hiddenMethods, ['card', 'apple-pay']);
  assert.equal(request.prefill, '77071234567');
  assert.deepEqual(request.buttons.success, { url: 'https://shop.example/done?x=1', enabled: 1, mode: 'parent_page' });
  assert.deepEqual(request.redirects.fail, { url: 'https://shop.example/failed', mode: null });
  assert.equal(request.callbacks.url, 'https://shop.example/callback');
  assert.equal(request.interfaceTypeId, 20);
  assert.equal(request.merchantData, 'basket 7');
  assert.equal(request.bestBeforeAt, Date.UTC(2028, 11, 12, 9, 12, 12));
});

test('the interface’s id is kept as it was sent', () => {
  const ids = ['7', '"cms"', '""', '1.5', 'null', '{}'].map(
    (id) => read({ interface_type: `{"id":${id}}` }).interfaceTypeId,
  );
  assert.deepEqual(ids, [7, 'cms', '', null, null, null]);
});

test('an operator is enforced only where the options say so', () => {
  assert.equal(read({ payment_methods_options: '{"selected_operator":"TELE2"}' }).operator, null);
  assert.equal(
    read({ payment_methods_options: '{"enable_mobile_service":0,"selected_operator":"TELE2"}' }).operator,
    null,
  );
  assert.equal(
    read({ payment_methods_options: { enable_mobile_service: '1', selected_operator: 'KCELL' } }).operator,
    'KCELL',
  );
});

test('a forced method that is not ours is ignored beside a saved account, as the family does', () => {
  assert.equal(read({ force_payment_method: 'card', account_token: 'x' }).forcedMethod, null);
});

test('moments are read as every SDK writes them', () => {
  const at = Date.UTC(2024, 11, 7, 13, 8, 45);
  for (const text of [
    '2024-12-07T19:08:45+06:00',
    '2024-12-07T19:08:45+06',
    '2024-12-07T13:08:45Z',
    '2024-12-07T13:08:45',
    'Sat, 07 Dec 2024 19:08:45 +0600',
    'Sat, 07 Dec 2024 13:08:45 GMT',
  ])
    assert.equal(readMoment(text), at, text);
  for (const text of ['', '2024-02-30T00:00:00Z', 'Sat, 31 Feb 2024 10:00:00 +0000', '12/07/2024', 'now'])
    assert.equal(readMoment(text), undefined, text);
});

/** Made with `openssl enc -aes-256-cbc` over `/payment?project_id=1234` and the same without the slash; key `encrypt_secret`. */
const vectors = [
  'REtWbTZHUHNaZUlNaDhCYmlEV1NIQzZMeDI5RWJHMmxjN2NScGQ5c1h5bz06OkFBRUNBd1FGQmdjSUNRb0xEQTBPRHc9PQ==',
  'aG56R0huaVVFaVVvM0FUb1dpblJWYjV6RnRvNUo2QnpTa2toTEx1K2Vybz06OkFBRUNBd1FGQmdjSUNRb0xEQTBPRHc9PQ==',
];

test('an encrypted link opens with its key, as every SDK makes it', () => {
  for (const vector of vectors) assert.equal(openPageLink(vector, 'encrypt_secret'), 'project_id=1234');
  const query = 'project_id=1234&payment_id=payment_47';
  for (const text of [`/payment?${query}`, `payment?${query}`]) {
    for (const key of ['encrypt_secret', 'k', 'x'.repeat(32), 'ключ-шифрования-длиннее-32-байт']) {
      const token = encrypted(text, key);
      assert.match(token, /^[A-Za-z0-9]+={0,2}$/);
      assert.equal(openPageLink(token, key), query);
      assert.equal(openPageLink(token, `!${key}`), undefined);
    }
  }
  assert.equal(openPageLink(encrypted('payment?x=1', 'y'.repeat(40)), 'y'.repeat(32)), 'x=1');
});

test('what is no token opens to nothing', () => {
  const token = encrypted('/payment?x=1', 'k');
  const wrong = [
    '',
    '%',
    'abc',
    token.slice(4),
    `${token}A`,
    Buffer.from('a::b').toString('base64'),
    'A'.repeat(20_000),
  ];
  for (const each of [...wrong, encrypted('/elsewhere?x=1', 'k')]) assert.equal(openPageLink(each, 'k'), undefined);
});
