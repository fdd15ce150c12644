import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { renderScreen } from './render/screen.ts';
import { PageWorld } from './testing/page-world.ts';
import { codeScreen, NOW, numberScreen, screens } from './testing/samples.ts';
import { ScriptedSession } from './testing/scripted-session.ts';

let world: PageWorld;
before(async () => (world = await PageWorld.open()));
after(() => world[Symbol.asyncDispose]());

const shown = (page: Page, wanted: string): Promise<void> => page.locator(`#page[data-kind=${wanted}]`).waitFor();
/** Runs in the page. */
const focusedId = (): string => document.activeElement?.id || document.activeElement?.tagName || '';

/** The code is typed and cannot be sent. */
async function typeCodeOffline(page: Page): Promise<void> {
  world.server.isReachable = false;
  await page.locator('#code').fill('123456');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Нет связи' }).waitFor();
}

test('a purchase, on one loaded page: fields take the focus, steps are said, the signed link leaves the address bar', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  session.onStep = (step) => (step === 'number' ? screens['waitCode'] : screens['success']);
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.goto(`${world.server.origin}/payment?project_id=1&signature=secret`);
  await page.waitForURL(session.url);
  await page.locator('#number').fill('705 123 45 67');
  await page.keyboard.press('Enter');
  await shown(page, 'waiting');
  session.move(codeScreen());
  await shown(page, 'code');
  assert.equal(await page.evaluate(focusedId), 'code');
  await page.locator('#say', { hasText: 'Мы отправили его в СМС' }).waitFor();
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await shown(page, 'success');
  assert.equal(await page.evaluate(focusedId), 'H1');
  await page.locator('#say', { hasText: 'Списано 1 000,00 ₸ с номера' }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Распечатать квитанцию' }).isVisible());

  const [number, code] = world.server.asked
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => Object.fromEntries(body));
  assert.deepEqual(number, { number: '705 123 45 67', operator: 'BEELINE', consent: '1', version: 'v0' });
  assert.deepEqual(code, { code: '123456', consent: '1', version: 'v2' });
  assert.equal(loads, 1);
  assert.deepEqual(visitor.complaints, []);
});

test('a number is formatted as it is typed or pasted, and its prefix suggests the operator until the payer chooses', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  await page.goto(session.url);
  const field = page.locator('#number');
  const chosen = (): Promise<string | undefined> =>
    page.evaluate(() => document.querySelector<HTMLInputElement>('[name=operator]:checked')?.value);
  for (const [typed, wanted] of [
    ['8 (705) 123-45-67', '705 123 45 67'],
    ['+77051234567', '705 123 45 67'],
    ['77051234567', '705 123 45 67'],
    ['70512', '705 12'],
  ] as const) {
    await field.fill('');
    await field.pressSequentially(typed);
    assert.equal(await field.inputValue(), wanted, typed);
    assert.equal(await chosen(), 'BEELINE', typed);
  }
  assert.ok(await page.getByText('Определён по номеру').isVisible());

  await field.fill('7011234567');
  assert.equal(await chosen(), undefined, 'two brands share this prefix');
  await page.getByRole('radio', { name: 'Tele2' }).check();
  await field.fill('7051234567');
  assert.equal(await chosen(), 'TELE2', 'the payer knows better');
  assert.ok(await page.getByText('Определён по номеру').isHidden());

  assert.ok(await page.getByText('Не похоже на казахстанский мобильный номер').isHidden());
  await field.fill('71234567890');
  assert.equal(await field.inputValue(), '123 456 78 90');
  assert.ok(await page.getByText('Не похоже на казахстанский мобильный номер').isVisible(), 'warned, not stopped');

  await field.fill('705 123 45 67');
  await page.evaluate(() => document.querySelector<HTMLInputElement>('#number')?.setSelectionRange(3, 3));
  await page.keyboard.press('Backspace');
  assert.equal(await field.inputValue(), '701 234 56 7');
  assert.equal(await page.evaluate(() => document.querySelector<HTMLInputElement>('#number')?.selectionStart), 2);
});

test('the language changes and what was typed stays', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  await page.goto(session.url);
  await page.locator('#number').fill('7051234567');
  await page.getByRole('radio', { name: 'Altel' }).check();
  await page.getByRole('button', { name: 'Қазақша' }).click();
  await page.getByText('Телефон теңгерімінен төлеу').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'kk');
  assert.equal(await page.title(), 'Төлем: Bereke Books');
  assert.equal(await page.locator('#number').inputValue(), '705 123 45 67');
  assert.ok(await page.locator('[value=ALTEL]').isChecked());
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('value')),
    'kk',
    'the focus stays where it was',
  );

  session.move(codeScreen());
  await page.locator('#code').fill('12 34');
  await page.locator('#say', { hasText: /./ }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Enter the code').waitFor();
  assert.equal(await page.locator('#say').textContent(), '', 'nothing in the old language is left to be read');
  assert.equal(await page.locator('#code').inputValue(), '1234');
});

test('a number whose operator is away is said to be so while it is typed, until the payer tells its operator', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: screens['numberAway'] ?? numberScreen() });
  await page.goto(session.url);
  const field = page.locator('#number');
  const warning = page.getByText('Введите номер другого оператора');
  assert.ok(await warning.isVisible(), 'prefilled');
  await field.fill('7071234567');
  assert.ok(await warning.isHidden());
  await field.fill('7051');
  assert.ok(await warning.isVisible());
  await page.getByRole('radio', { name: 'Tele2' }).check();
  assert.ok(await warning.isHidden(), 'the number moved to another operator');
  await field.fill('7051234567');
  assert.ok(await warning.isHidden());
});

test('a wrong code is said in its field, which keeps the focus; a pasted message gives its code', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => codeScreen({ notice: 'code_wrong', attemptsLeft: 4 });
  await page.goto(session.url);
  const field = page.locator('#code');
  await field.fill('Bereke: ваш код 654321. Сумма 1 000 тенге');
  assert.equal(await field.inputValue(), '654321');
  await field.fill('65 43-21');
  assert.equal(await field.inputValue(), '654321');
  await page.keyboard.press('Enter');
  await page.locator('#code[aria-invalid=true]').waitFor();
  assert.equal(await page.evaluate(focusedId), 'code');
  await page
    .locator('#say', { hasText: 'Неверный код. Проверьте СМС и введите ещё раз. Осталось 4 попытки.' })
    .waitFor();
  const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
  assert.ok(described.includes((await page.locator('.fault').getAttribute('id')) ?? '?'));
});

test('times run by the server, whatever the device believes; at the end a new code is offered and said', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  // The device's time has nothing to do with the server's, and jumps by a year when somebody sets it right.
  await page.addInitScript(() => {
    const real = Date.now;
    let jump = -31_536_000_000;
    Date.now = () => real() + jump;
    Object.assign(window, { setRight: () => (jump = 0) });
  });
  session.model = {
    ...session.model,
    screen: codeScreen({ codeExpiresAt: NOW + 64_500, resendAllowedAt: NOW + 3000 }),
  };
  await page.goto(session.url);
  await page.locator('#code-life [data-left]', { hasText: '1:00' }).waitFor();
  await page.locator('#say', { hasText: 'Осталась 1 минута' }).waitFor();
  await page.evaluate('setRight()');
  const resend = page.getByRole('button', { name: 'Отправить новый код' });
  await resend.waitFor();
  assert.equal(await page.locator('#page[data-code-over]').count(), 0);
  assert.ok(await page.getByText('Новый код можно запросить через').isHidden());

  session.move(codeScreen({ codeExpiresAt: session.now().now + 1000, resendAllowedAt: NOW }));
  const asked = page.waitForRequest((request) => request.url().endsWith(`/screen?version=${session.now().version}`));
  await page.locator('#page[data-code-over]').waitFor();
  await page.locator('#say', { hasText: 'Срок действия кода мог истечь' }).waitFor();
  await asked;
});

test('two presses are one step', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: numberScreen({ number: '77051234567' }) });
  const gate = Promise.withResolvers<undefined>();
  session.onStep = async () => (await gate.promise) ?? screens['waitCode'];
  await page.goto(session.url);
  await page.locator('main .main').dblclick();
  await page.locator('form[aria-busy=true]').waitFor();
  await page.locator('main .main').click();
  await page.keyboard.press('Enter');
  gate.resolve(undefined);
  await shown(page, 'waiting');
  assert.deepEqual(world.server.posts(), ['number']);
});

test('a step whose answer never comes holds nobody up once the screen has moved on', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: numberScreen({ number: '77051234567' }) });
  session.onStep = (step) => (step === 'number' ? new Promise(() => {}) : screens['success']);
  await page.goto(session.url);
  await page.locator('main .main').click();
  await page.locator('form[aria-busy=true]').waitFor();
  session.move(codeScreen());
  await page.locator('#code').fill('123456');
  await page.keyboard.press('Enter');
  await shown(page, 'success');
  assert.deepEqual(world.server.posts(), ['number', 'code']);
});

test('while a code waits for its resend the page says so, and the payer who cancels is not kept waiting', async () => {
  for (const [language, text, cancel, surely] of [
    ['ru', 'Ваш код ждёт отправки нового СМС.', 'Отменить платёж', 'Да, отменить'],
    ['kk', 'Кодыңыз жаңа SMS жіберілгенше күтіп тұр.', 'Төлемнен бас тарту', 'Иә, бас тартамын'],
    ['en', 'Your code waits for the new text message', 'Cancel the payment', 'Yes, cancel'],
  ] as const) {
    await using visitor = await world.visitor();
    const { page } = visitor;
    const session = new ScriptedSession(world, { language, screen: screens['codeResending'] ?? codeScreen() });
    const waited = Promise.withResolvers<undefined>();
    session.onStep = (step) => (step === 'code' ? waited.promise : screens['declineNoMoney']);
    await page.goto(session.url);
    const held = page.locator('main').getByText(text);
    assert.ok(await held.isHidden());
    await page.locator('#code').fill('123456');
    await page.keyboard.press('Enter');
    await held.waitFor();
    await page.locator('#say', { hasText: text }).waitFor();
    await page.locator('main .main').click();
    await page.getByText(cancel, { exact: true }).click();
    await page.getByRole('button', { name: surely }).click();
    await shown(page, 'decline');
    const late = page.waitForResponse(/\/code$/);
    waited.resolve(undefined);
    await (await late).finished();
    assert.equal(await page.locator('#page').getAttribute('data-kind'), 'decline');
    assert.deepEqual(world.server.posts(), ['code', 'leave']);
  }
});

test('a code that could not be sent is not sent any more once the payer has cancelled', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => screens['declineNoMoney'];
  await page.goto(session.url);
  await typeCodeOffline(page);
  await page.getByText('Отменить платёж').click();
  await page.getByRole('button', { name: 'Да, отменить' }).click();
  assert.equal(await page.locator('#pay').getAttribute('aria-busy'), null);
  world.server.isReachable = true;
  await shown(page, 'decline');
  assert.deepEqual(world.server.posts(), ['leave']);
});

test('the question whether to cancel stays open and keeps the focus while the same step is drawn anew', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: screens['codeResending'] ?? codeScreen() });
  await page.goto(session.url);
  const summary = page.getByText('Отменить платёж');
  await summary.focus();
  await page.keyboard.press('Enter');
  session.move(codeScreen({ notice: 'code_resent' }));
  await page.locator('.notice').waitFor();
  assert.ok(await summary.evaluate((element) => element === document.activeElement));
  const surely = page.getByRole('button', { name: 'Да, отменить' });
  assert.ok(await surely.isVisible());
  await surely.focus();
  session.move(codeScreen({ notice: 'code_wrong' }));
  session.move(codeScreen({ notice: 'resend_failed' }));
  await page.getByText('Не удалось отправить новый код').first().waitFor();
  assert.ok(await surely.isVisible());
});

test('a resend is said as it begins and as it is done; the focus is never lost on the way', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen({ request: '1.0', resendAllowedAt: NOW }) });
  session.onStep = () => codeScreen({ request: '1.1', resending: true });
  await page.goto(session.url);
  await page.locator('#to-resend').press('Enter');
  await page.locator('#page[data-resending]').waitFor();
  assert.equal(await page.evaluate(focusedId), 'code');
  await page.locator('#say', { hasText: /^Отправляем новый код…$/ }).waitFor();
  assert.ok(await page.getByText('Обновить страницу').isHidden(), 'the screen moves by itself');

  await page.locator('#pay .main').focus();
  session.move(codeScreen({ request: '1.1', notice: 'code_resent' }));
  await page.locator('#page[data-notice=code_resent]').waitFor();
  assert.equal(await page.evaluate(focusedId), 'go');
  await page.locator('#say', { hasText: 'Новый код отправлен' }).waitFor();

  await page.locator('#to-change-number').focus();
  session.move(codeScreen({ request: '1.1', mayChangeNumber: false }));
  await page.locator('#to-change-number').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(focusedId), 'code', 'what is gone leaves the focus to the field');
});

test('a press of Try again that changes nothing is heard and seen to have been one', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const locked = { chosen: 'KCELL', locked: true } as const;
  const away = numberScreen({ ...locked, operators: [{ id: 'KCELL', unavailable: { kind: 'outage' } }] });
  const session = new ScriptedSession(world, { screen: away });
  const drawn = session.now();
  await page.goto(session.url);
  world.server.script = ({ method }) => (method === 'POST' ? { fragment: renderScreen(drawn) } : {});
  const again = page.getByRole('button', { name: 'Попробовать ещё раз' });
  await again.click();
  const text = 'Kcell сейчас не принимает платежи. Пожалуйста, попробуйте позже.';
  await page.locator('#say', { hasText: text }).waitFor();
  assert.ok(await again.evaluate((element) => element === document.activeElement));

  world.server.script = ({ method }) =>
    method === 'POST'
      ? { fragment: renderScreen({ ...session.now(), version: 'v9', screen: numberScreen(locked) }) }
      : {};
  await again.click();
  await page.getByRole('button', { name: 'Оплатить' }).waitFor();
  assert.equal(await page.evaluate(focusedId), 'go');
});

test('a lost connection is said, and the step goes out by itself once it is back', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => screens['waitResult'];
  await page.goto(session.url);
  await typeCodeOffline(page);
  assert.equal(await page.locator('#code').inputValue(), '123456');
  world.server.isReachable = true;
  await shown(page, 'waiting');
  assert.ok(await page.locator('#offline').isHidden());
  assert.deepEqual(world.server.posts(), ['code']);
});

test('to cancel asks once more, by finger and by keyboard', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => screens['declineNoMoney'];
  await page.goto(session.url);
  const cancel = page.getByText('Отменить платёж');
  await cancel.dblclick();
  assert.ok(await page.getByRole('button', { name: 'Да, отменить' }).isHidden());
  await cancel.focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.getByText('Точно отменить?').isVisible());
  assert.deepEqual(world.server.posts(), []);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await shown(page, 'decline');
  assert.deepEqual(world.server.posts(), ['leave']);
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  assert.equal(ring, 'none', 'the heading that is read out first is no control');
});

test('a wait that gets long is called so, on the screen and to screen readers', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => ({ kind: 'waiting', for: 'result', since: NOW - 50_000 });
  await page.goto(session.url);
  await streamsAre(1);
  await page.locator('#code').fill('123456');
  await page.keyboard.press('Enter');
  await shown(page, 'waiting');
  const said = page.getByRole('status');
  await said.filter({ hasText: /обычно меньше минуты/ }).waitFor();
  assert.doesNotMatch((await said.textContent()) ?? '', /дольше обычного/);
  world.server.push(renderScreen({ ...session.now(), now: NOW + 9_000 }));
  await said.filter({ hasText: /дольше обычного/ }).waitFor();
  assert.ok(await page.locator('.outcome').getByText('магазин узнает о результате').isVisible());
  assert.ok(await page.getByText('обычно меньше минуты').isHidden());
});

test('what the server pushes is shown at once, never an older screen over a newer', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  const old = renderScreen({ ...session.now(), version: 'old', screen: { kind: 'expired' } });
  await page.goto(session.url);
  session.move(codeScreen({ notice: 'code_resent' }));
  await page.locator('.notice').waitFor();
  await page.evaluate(watchKinds);
  world.server.push(old);
  session.move({ kind: 'waiting', for: 'result', since: NOW });
  await shown(page, 'waiting');
  assert.deepEqual(await page.evaluate(kindsSeen), ['waiting']);
});

test('the stream is opened for what comes after the screen that is shown', async () => {
  await using visitor = await world.visitor();
  const session = new ScriptedSession(world, { screen: codeScreen() });
  const asked = visitor.page.waitForRequest(/\/events/);
  await visitor.page.goto(session.url);
  assert.equal(new URL((await asked).url()).searchParams.get('version'), session.now().version);
});

test('a page that is not looked at holds no connection; on return it shows how things are and follows them', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  await page.goto(session.url);
  await streamsAre(1);
  await page.evaluate(turn, 'hidden');
  await streamsAre(0);
  session.move(codeScreen());
  const asked = page.waitForResponse(/\/screen$/);
  await page.evaluate(turn, 'visible');
  await shown(page, 'code');
  await asked;
  await streamsAre(1);
  session.move({ kind: 'waiting', for: 'result', since: NOW });
  await shown(page, 'waiting');
  assert.equal(world.server.asked.filter(({ url }) => url.pathname.endsWith('/screen')).length, 1);

  await page.evaluate(turn, 'hidden');
  await streamsAre(0);
  session.move(screens['success'] ?? codeScreen());
  await page.evaluate(turn, 'visible');
  await shown(page, 'success');
  await streamsAre(0);
});

test('where nothing is pushed, the page asks every two seconds', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  world.server.hasStreams = false;
  const session = new ScriptedSession(world, { screen: { kind: 'waiting', for: 'result', since: NOW } });
  await page.goto(session.url);
  session.move({ kind: 'success', at: NOW, maskedNumber: '+7', operator: null }, { isQuiet: true });
  const began = performance.now();
  await shown(page, 'success');
  assert.ok(performance.now() - began < 8000);
});

test('back from the shop and reloaded, the page shows how things are now', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  await page.goto(session.url);
  await page.goto('about:blank');
  session.move(codeScreen(), { isQuiet: true });
  await page.goBack();
  await shown(page, 'code');
  await page.locator('#code').fill('12');
  await page.reload();
  await shown(page, 'code');
});

test('a session that is over is shown by the browser itself', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world);
  await page.goto(session.url);
  world.server.script = ({ isScript }) =>
    isScript ? { status: 404, html: 'gone' } : { status: 404, html: '<h1>The link is out of date</h1>' };
  await page.locator('#number').fill('7051234567');
  await page.keyboard.press('Enter');
  await page.getByText('The link is out of date').waitFor();
});

async function streamsAre(wanted: number): Promise<void> {
  while (world.server.streams !== wanted) await world.server.streamChange();
}

/** Runs in the page: another tab is looked at, or this one again. */
function turn(state: string): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Runs in the page. */
function watchKinds(): void {
  const seen: string[] = [];
  Object.assign(window, { seen });
  new MutationObserver(() => seen.push(document.getElementById('page')?.dataset['kind'] ?? '')).observe(document.body, {
    childList: true,
  });
}

/** Runs in the page. */
function kindsSeen(): unknown {
  return 'seen' in window ? window.seen : undefined;
}

test('the page waits for a try that is only announced, and its button appears by itself', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: screens['declineSoon'] ?? numberScreen() });
  await page.goto(session.url);
  await page.getByText('скоро можно будет попробовать ещё раз').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Попробовать ещё раз' }).count(), 0);
  session.move(screens['declineNotAccepted'] ?? numberScreen());
  await page.getByRole('button', { name: 'Попробовать ещё раз' }).waitFor();
  assert.equal(await page.evaluate(focusedId), 'H1');
});
