import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageAssets } from '../build-assets.ts';
import type { DeclineScreen } from '../model.ts';
import { codeScreen, NOW, numberScreen, sampleOf, samplePage, screens } from '../testing/samples.ts';
import { renderPage } from './page.ts';
import { renderScreen } from './screen.ts';

const HOSTILE = `"><script>alert(1)</script>'&`;

test('nothing that comes from outside becomes markup, on any screen', () => {
  const { project } = samplePage();
  for (const [name, screen] of Object.entries(screens)) {
    const spoilt = 'maskedNumber' in screen ? { ...screen, maskedNumber: HOSTILE } : screen;
    const html = renderScreen(
      samplePage({
        screen: spoilt.kind === 'number' ? { ...spoilt, number: HOSTILE } : spoilt,
        payment: { id: HOSTILE, description: HOSTILE, amountMinor: 1, currency: 'KZT' },
        project: { ...project, name: HOSTILE, support: { email: HOSTILE, phone: HOSTILE, url: null } },
        returnLink: { open: 'iframe', url: `https://a.example/?${HOSTILE}`, when: 'before' },
        requestId: HOSTILE,
        result: { text: HOSTILE },
        version: HOSTILE,
      }),
    );
    assert.ok(!html.includes('<script'), name);
    assert.ok(html.includes('&lt;script&gt;'), name);
  }
});

test('the amount stands on every screen, and the consent by the button that charges', () => {
  for (const [name, screen] of Object.entries(screens)) {
    const html = renderScreen(samplePage({ screen }));
    assert.ok(html.includes('1\u00A0000,00\u00A0₸'), name);
    const isForm = (screen.kind === 'number' && name !== 'numberLockedDown') || screen.kind === 'code';
    const isConsented = isForm || (screen.kind === 'decline' && screen.tryAgain?.ready === true);
    assert.equal(html.includes('соглашаетесь со\u00A0списанием'), isConsented, name);
    assert.equal(html.includes('name="consent" value="1"'), isForm, name);
  }
});

test('a sandbox says on every screen that no money is charged; production never does', () => {
  const { project } = samplePage();
  for (const [name, screen] of Object.entries(screens)) {
    for (const sandbox of [true, false]) {
      const html = renderScreen(samplePage({ screen, project: { ...project, sandbox } }));
      assert.equal(html.includes('Тестовый режим'), sandbox, name);
    }
  }
});

test('the way back opens as the merchant signed it; where only the host can act there is a button for it', () => {
  const link = (open: 'iframe' | 'parent' | 'blank') =>
    renderScreen(samplePage({ returnLink: { open, url: 'https://a.example/', when: 'before' } })).replaceAll(
      /\s+/g,
      ' ',
    );
  assert.match(link('iframe'), /<a class="button plain" href="https:\/\/a.example\/" rel="noopener" ?>/);
  assert.match(link('parent'), /target="_top"/);
  assert.match(link('blank'), /target="_blank"/);
  const exit = renderScreen(samplePage({ returnLink: { open: 'close', url: null, when: 'success' } }));
  assert.match(exit, /<button type="button" class="plain" data-exit hidden>/);
  assert.doesNotMatch(renderScreen(samplePage({ returnLink: null })), /Вернуться в магазин/);
});

test('the merchant’s deadline counts down wherever the payer can still act, and nowhere else', () => {
  const bestBefore = { from: NOW - 60_000, at: NOW + 225_000 };
  for (const [name, screen] of Object.entries(screens)) {
    const html = renderScreen(samplePage({ screen, bestBefore }));
    const isShown = ['methods', 'number', 'code'].includes(screen.kind);
    assert.equal(html.includes(`data-clock="${bestBefore.at}" data-name="deadline"`), isShown, name);
    assert.equal(/Оплатите\sдо.*3:45/s.test(html), isShown, name);
  }
});

test('Enter in a field never changes the language: the first button of the form is its own', () => {
  const buttons = [...renderScreen(samplePage()).matchAll(/<button[^>]*>/g)].map(([tag]) => tag);
  const first = buttons.find((tag) => tag.includes('form="pay"'));
  assert.ok(first && !first.includes('formaction'));
});

test('an enforced operator that takes no payments is said to be so, before Pay and after it', () => {
  const enforced = { chosen: 'KCELL', locked: true } as const;
  const down = [{ id: 'KCELL', unavailable: { kind: 'outage' } }] as const;
  const off = [{ id: 'KCELL', unavailable: { kind: 'off' } }] as const;
  const states = [
    { ...enforced, operators: down },
    { ...enforced, operators: off },
    { ...enforced, faults: ['operator_unavailable'] },
    { ...enforced, operators: off, faults: ['operator_unavailable'] },
  ] as const;
  for (const [language, text] of [
    ['kk', 'Kcell қазір төлем қабылдамайды.'],
    ['ru', 'Kcell сейчас не\u00A0принимает платежи.'],
    ['en', 'Kcell does not take payments at the moment.'],
  ] as const) {
    const drawn = states.map((state) => renderScreen(samplePage({ language, screen: numberScreen(state) })));
    for (const html of drawn) assert.equal(html.split(text).length, 2, text);
    assert.ok(!renderScreen(samplePage({ language, screen: numberScreen(enforced) })).includes(text));
  }
});

test('a number whose operator is away asks for another number or for patience, before Pay and after it', () => {
  const operators = [
    { id: 'BEELINE', unavailable: { kind: 'outage' } },
    { id: 'KCELL', unavailable: { kind: 'off' } },
    { id: 'ACTIV', unavailable: null },
    { id: 'TELE2', unavailable: { kind: 'above_maximum', limitMinor: 50_000 } },
  ] as const;
  const prefixes = { '705': ['BEELINE'], '701': ['KCELL', 'ACTIV'], '707': ['TELE2'] } as const;
  for (const [language, text] of [
    ['kk', 'Басқа оператордың нөмірін енгізіңіз немесе кейінірек'],
    ['ru', 'Введите номер другого оператора или попробуйте позже'],
    ['en', 'Use a number of another operator, or try later'],
  ] as const) {
    const drawn = (state: Parameters<typeof numberScreen>[0]): string =>
      renderScreen(samplePage({ language, screen: numberScreen({ operators, prefixes, ...state }) }));
    const warned = (html: string): boolean => /data-away>/.test(html);
    const after = drawn({ number: '+7 705 123 45 67', faults: ['operator_unavailable'] });
    assert.equal(after.split(text).length, 2, `${text}: once`);
    const field = /<div class="field bad">([\s\S]*?)<\/div>\s*<fieldset/.exec(after)?.[1] ?? '';
    assert.ok(field.includes(text) && field.includes('aria-invalid="true"'), 'it stands at the number');
    assert.ok(warned(drawn({ number: '77051234567' })), 'its operator is away');
    assert.ok(drawn({ number: '77051234567' }).includes(text));
    for (const number of ['', '705', '77011234567', '77071234567', '77771234567'])
      assert.ok(!warned(drawn({ number })), number);
    assert.ok(!warned(drawn({ number: '77051234567', chosen: 'ACTIV' })), 'the payer says whose it is');
  }
});

test('a payer who may try again at once is not told to come later', () => {
  for (const [language, later] of [
    ['kk', 'Кейінірек'],
    ['ru', 'позже'],
    ['en', 'later'],
  ] as const) {
    const drawn = (tryAgain: DeclineScreen['tryAgain']): string =>
      renderScreen(samplePage({ language, screen: { kind: 'decline', reason: 'operator_down', tryAgain } }));
    assert.ok(drawn(null).includes(later));
    for (const ready of [true, false]) assert.ok(!drawn({ left: 4, until: NOW + 540_000, ready }).includes(later));
  }
});

test('while the enforced operator is away there is no Pay to press but Try again, and the way back', () => {
  for (const [kind, isThere] of [
    ['outage', false],
    ['off', false],
    [null, true],
  ] as const) {
    const operators = [{ id: 'KCELL', unavailable: kind && { kind } }] as const;
    const faults = ['operator_unavailable'] as const;
    const screen = numberScreen({ chosen: 'KCELL', locked: true, operators, faults });
    const html = renderScreen(samplePage({ language: 'en', screen }));
    assert.equal(html.includes('Pay ₸1,000.00'), isThere);
    assert.equal(html.includes('By pressing'), isThere);
    assert.equal(/<button [^>]*class="main"[^>]*formaction="[^"]+\/language"[^>]*>\s*Try again/.test(html), !isThere);
    assert.match(html, /Back to the shop/);
    assert.match(html, /The shop asks for a <b>Kcell<\/b> number\./);
  }
});

test('a try that is only announced has no button yet, is not the end, and comes by itself without the script too', async () => {
  const means = { nonce: 'n', assets: await pageAssets() };
  for (const [language, text] of [
    ['kk', 'Сәл күте тұрыңыз'],
    ['ru', 'Одну минуту'],
    ['en', 'One moment: you can try again soon.'],
  ] as const) {
    const html = renderPage(sampleOf('declineSoon', language), means);
    assert.ok(html.includes(text), text);
    assert.match(html, /data-name="again"/);
    assert.doesNotMatch(html, /\/try-again"/);
    assert.match(html, /<noscript><meta http-equiv="refresh" content="2;/);
  }
  for (const name of ['declineNotAccepted', 'declineNoMoney'])
    assert.doesNotMatch(renderPage(sampleOf(name, 'ru'), means), /http-equiv="refresh"/);
});

test('no new code is promised for a time when the payment is over', () => {
  const drawn = (deadlineAt: number): string =>
    renderScreen(samplePage({ screen: codeScreen({ resendAllowedAt: NOW + 80_000, deadlineAt }) }));
  assert.match(drawn(NOW + 80_000), /data-name="resend"/);
  assert.doesNotMatch(drawn(NOW + 79_000), /resend/);
});

test('where the merchant hid every way to pay, the page says so and leads back', () => {
  const html = renderScreen(sampleOf('methodsNone', 'en'));
  assert.match(html, /No way to pay is available/);
  assert.doesNotMatch(html, /How would you like to pay/);
  assert.match(html, /<a class="button main" href="https:\/\/bereke.example\/cart"/);
});
