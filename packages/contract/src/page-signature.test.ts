import assert from 'node:assert/strict';
import { test } from 'node:test';
import ecommpay from 'ecommpay';
import { sample, sampleOptions, sampleSignatures, sdkLinks, secret } from './fixtures/page-links.ts';
import { linkForgery } from './fixtures/signature-vectors.ts';
import { readPageForm } from './page-form.ts';
import { parsePage } from './page-parameters.ts';
import { pageText, verifyPage } from './page-signature.ts';

for (const { sdk, secret: key, query, signature } of sdkLinks) {
  test(`a link of the ${sdk} SDK verifies, with what was added after signing, and not when changed`, () => {
    const { form } = readPageForm(`${query}&signature=${encodeURIComponent(signature)}`);
    assert.equal(verifyPage(form, key), true);
    assert.equal(
      verifyPage({ ...form, frame_mode: 'popup', _sw: '390', _referrer: 'https://shop.example' }, key),
      true,
    );
    assert.equal(verifyPage({ ...form, payment_id: 'another' }, key), false);
    assert.equal(verifyPage({ ...form, extra: '1' }, key), false);
    assert.equal(verifyPage(form, `${key}x`), false);
  });
}

test('the sample verifies alone, and with its options signed as a text or as an object, however they travel', () => {
  const withOptions = (options: string, signature: string) => ({
    ...sample,
    payment_methods_options: options,
    signature,
  });
  assert.equal(verifyPage({ ...sample, signature: sampleSignatures.alone }, secret), true);
  assert.equal(verifyPage(withOptions(sampleOptions, sampleSignatures.asText), secret), true);
  assert.equal(verifyPage(withOptions(sampleOptions, sampleSignatures.asObject), secret), true);
  const query = `${new URLSearchParams({ ...sample, signature: sampleSignatures.asObject }).toString()}&${encodeURIComponent('payment_methods_options[enable_mobile_service]')}=1&payment_methods_options[selected_operator]=TELE2`;
  assert.equal(verifyPage(readPageForm(query).form, secret), true);
  const other = sampleOptions.replace('TELE2', 'KCELL');
  assert.equal(verifyPage(withOptions(other, sampleSignatures.asObject), secret), false);
  assert.equal(verifyPage(withOptions('[object Object]', sampleSignatures.asObject), secret), false);
});

test('a switch that travels as true is signed as 1; a text that reads so is not', () => {
  const parameters = { ...sample, payment_description: 'true', redirect: true, close_on_missclick: false };
  const signature = ecommpay.signer(parameters, secret);
  const travels = { ...sample, payment_description: 'true', redirect: 'true', close_on_missclick: 'false', signature };
  assert.equal(verifyPage(travels, secret), true);
  assert.equal(verifyPage({ ...travels, redirect: 'false' }, secret), false);
  const signedOne = ecommpay.signer({ ...sample, payment_id: '1' }, secret);
  assert.equal(verifyPage({ ...sample, payment_id: 'true', signature: signedOne }, secret), false);
});

test('a signature whose pluses were not encoded is read as it was meant', () => {
  const { form } = readPageForm(`${new URLSearchParams(sample).toString()}&signature=${sampleSignatures.alone}`);
  assert.equal(verifyPage(form, secret), true);
});

test('a link that stands for a Gate body under the same signature is no link', () => {
  const form = {
    ...Object.fromEntries(Object.entries(linkForgery.link).map(([name, value]) => [name, String(value)])),
    signature: linkForgery.signature,
  };
  assert.equal(verifyPage(form, secret), true);
  const parsed = parsePage(form);
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.faults.map(({ field, constraint }) => `${field} ${constraint}`),
    ['customer_last_name signatureAmbiguity'],
  );
});

test('no name of a parameter can stand for a member of a Gate body', () => {
  for (const name of [
    'general:payment_id',
    'a;b',
    'general.x',
    '__proto__',
    'a[b',
    'a]b',
    '[a]',
    'a[b;c]',
    'a[b:c]',
    '',
  ]) {
    const { faults } = readPageForm(`${encodeURIComponent(name)}=1`);
    assert.deepEqual(
      faults.map(({ constraint }) => constraint),
      ['name'],
      name,
    );
  }
});

test('links that ask for the same payment are one, whatever the frame, the language and the way of signing', () => {
  const text = pageText(sample);
  assert.equal(pageText({ ...sample, language_code: 'kk', frame_mode: 'tab', _sw: '1', target_element: 'x' }), text);
  assert.equal(pageText({ ...sample, best_before: '2030-01-01T00:00:00Z' }), text);
  assert.notEqual(pageText({ ...sample, payment_amount: '1' }), text);
  assert.notEqual(pageText({ ...sample, merchant_success_url: 'https://evil.example' }), text);
  const options = { enable_mobile_service: '1', selected_operator: 'TELE2' };
  assert.equal(
    pageText({ ...sample, payment_methods_options: sampleOptions }),
    pageText({ ...sample, payment_methods_options: options }),
  );
});
