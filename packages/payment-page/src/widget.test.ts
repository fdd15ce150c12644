import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { handlerName } from './browser/widget/callbacks.ts';
import { pageAssets } from './build-assets.ts';
import { renderErrorPage } from './render/page.ts';
import { PageWorld } from './testing/page-world.ts';
import { codeScreen, NOW, screens } from './testing/samples.ts';
import type { ScriptedServer } from './testing/scripted-server.ts';
import { ScriptedSession } from './testing/scripted-session.ts';
import { heard, openedWith, openShop, visitShop } from './testing/shop-page.ts';

const ORDER = `project_id: 1234, payment_id: 'payment_47', payment_currency: 'KZT', payment_amount: 100000,
  force_payment_method: 'mobile', signature: 'abc+/=', ...on`;

let world: PageWorld;
let shop: ScriptedServer;
before(async () => {
  world = await PageWorld.open();
  shop = await openShop();
});
after(async () => {
  await shop[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** A purchase that goes well, in a frame. */
function goodSession(opened: 'popup' | 'iframe'): ScriptedSession {
  const session = new ScriptedSession(world, { opened });
  session.onStep = (step, { body }) => {
    if (step === 'number') {
      session.model = { ...session.model, requestId: 'req-1' };
      return codeScreen();
    }
    if (step === 'code' && body.get('code') === '000000') return codeScreen({ notice: 'code_wrong', attemptsLeft: 4 });
    session.model = {
      ...session.model,
      result: { status: 'success' },
      returnLink: { open: 'close', url: null, when: 'success' },
    };
    return { kind: 'success', at: NOW, maskedNumber: '+7', operator: 'BEELINE' };
  };
  return session;
}

test('a modal: the documented events in their order, a dialog with the focus inside, and everything as it was when it closes', async () => {
  await using visitor = await world.visitor({ viewport: { width: 1280, height: 800 } });
  const { page } = visitor;
  goodSession('popup');
  await visitShop(shop, world, page, `<script>EPayWidget.bind('pay', { ${ORDER}, css_modal_wrap: 'mine' });</script>`);
  await page.getByRole('button', { name: 'Buy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Оплата' });
  await dialog.locator('.loaded').waitFor();
  assert.ok(
    await page
      .locator('#ep-modal-container.shown.mine #ep-modal-wrap.ep-modal-wrap > #ep-modal-body > iframe.ep-iframe')
      .isVisible(),
  );
  assert.equal(await page.evaluate(() => document.documentElement.style.overflow), 'hidden');
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () =>
    (Reflect.get(window, 'axe') as typeof axe).run('#ep-modal-container', { iframes: false }),
  );
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );

  const frame = page.frameLocator('iframe.ep-iframe');
  await frame.locator('#number').fill('7051234567');
  await frame.locator('#pay .main').click();
  for (const code of ['000000', '123456']) {
    await frame.locator('#code').fill(code);
    await frame.locator('#code').press('Enter');
    await frame.locator(code === '123456' ? '[data-kind=success]' : '[aria-invalid]').waitFor();
  }
  await frame.getByRole('button', { name: 'Вернуться в магазин' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(await heard(page), [
    'Run',
    'Loaded',
    'PaymentSent',
    'PaymentSubmitResult',
    'ShowClarificationPage',
    'OtpShown',
    'SubmitClarificationForm',
    'OtpInvalid',
    'ShowClarificationPage',
    'SubmitClarificationForm',
    'PaymentSuccess',
    'Exit',
  ]);
  const data = await page.evaluate<Record<string, object>>('Object.fromEntries(log)');
  assert.deepEqual(
    [data['PaymentSubmitResult'], data['PaymentSuccess']],
    [{ request_id: 'req-1' }, { status: 'success' }],
  );
  assert.deepEqual(Object.keys(data['Loaded'] ?? {}), ['width', 'height']);
  assert.equal(await page.evaluate(() => document.documentElement.style.overflow), '');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'pay', 'the focus is back');
  assert.deepEqual(visitor.complaints, [], 'nothing is written to the console');
});

test('a page that is loaded anew while a code is resent tells the shop of the code first, then that it was resent', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { opened: 'iframe', screen: codeScreen({ resending: true }) });
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER}, target_element: 'here' });</script>`);
  await page.frameLocator('iframe.ep-iframe').locator('#code').waitFor();
  await page.waitForFunction(`log.some(([name]) => name === 'Loaded')`);
  session.move(codeScreen({ notice: 'code_resent' }));
  await page.waitForFunction(`log.some(([name]) => name === 'OtpResent')`);
  assert.deepEqual(await heard(page), ['Run', 'Loaded', 'ShowClarificationPage', 'OtpShown', 'OtpResent']);
});

test('what goes over the wire: objects as JSON, no handlers, the unsigned extras; the same by POST', async () => {
  for (const method of ['GET', 'POST']) {
    await using visitor = await world.visitor();
    goodSession('popup');
    const options = `payment_methods_options: { enable_mobile_service: 1, selected_operator: 'TELE2' }, empty: null, flag: true`;
    await visitShop(
      shop,
      world,
      visitor.page,
      `<script>EPayWidget.run({ ${ORDER}, ${options} }, '${method.toLowerCase()}');</script>`,
    );
    await visitor.page.locator('.loaded').waitFor();
    const opened = openedWith(world);
    assert.equal(opened.method, method);
    const { _sw, _sh, _referrer, ...sent } = opened.sent;
    assert.deepEqual(sent, {
      project_id: '1234',
      payment_id: 'payment_47',
      payment_currency: 'KZT',
      payment_amount: '100000',
      force_payment_method: 'mobile',
      signature: 'abc+/=',
      payment_methods_options: '{"enable_mobile_service":1,"selected_operator":"TELE2"}',
      empty: '',
      flag: 'true',
      frame_mode: 'popup',
    });
    assert.deepEqual([_sw, _sh, _referrer], ['390', '700', '']);
  }
});

test('which way it opens, by the documented precedence', async () => {
  const cases = [
    [`redirect: 1, target_element: 'here'`, '', 'tab'],
    [`redirect_on_mobile: 1, target_element: 'here'`, 'Mozilla/5.0 (Linux; Android 14)', 'tab'],
    [`redirect_on_mobile: 1, target_element: 'here'`, 'Mozilla/5.0 (X11)', 'iframe'],
    [`target_element: document.getElementById('here')`, '', 'iframe'],
    [`frame_mode: 'embedded', target_element: 'here'`, '', 'embedded'],
    [`redirect: 0`, '', 'popup'],
  ] as const;
  for (const [config, userAgent, wanted] of cases) {
    await using visitor = await world.visitor(userAgent === '' ? {} : { userAgent });
    goodSession('iframe');
    await visitShop(shop, world, visitor.page, `<script>EPayWidget.run({ ${ORDER}, ${config} }, 'POST');</script>`);
    await (wanted === 'tab'
      ? visitor.page.waitForURL(/\/payment\/s\//)
      : visitor.page.locator('iframe.ep-iframe').waitFor());
    await visitor.page.waitForLoadState();
    assert.equal(openedWith(world).sent['frame_mode'], wanted, config);
    if (wanted === 'iframe')
      assert.equal(await visitor.page.locator('#here').innerText(), '', 'what was in the element is gone');
  }
});

test('an encrypted link carries only what was never signed beside it', async () => {
  await using visitor = await world.visitor();
  goodSession('popup');
  await visitShop(
    shop,
    world,
    visitor.page,
    `<script>EPayWidget.create({ ${ORDER} }).setEncryptedURL('/1234/dG9rZW4=').run();</script>`,
  );
  await visitor.page.locator('.loaded').waitFor();
  const { path, sent } = openedWith(world);
  assert.equal(path, '/1234/dG9rZW4=');
  assert.deepEqual(Object.keys(sent).toSorted(), ['_referrer', '_sh', '_sw', 'frame_mode']);
});

test('what a shop asks wrongly is refused before anything is shown', async () => {
  await using visitor = await world.visitor();
  await visitShop(shop, world, visitor.page, '');
  const thrown = (code: string): Promise<unknown> =>
    visitor.page.evaluate<unknown>(`(() => { try { ${code}; return 'nothing'; } catch (error) { return error; } })()`);
  assert.match(String(await thrown(`EPayWidget.run({ mode: 'gift' })`)), /^Invalid mode "gift"/);
  assert.equal(
    await thrown(`EPayWidget.create({ mode: 'purchase', payment_id: 'a' })`),
    'Parameter payment_currency is required',
  );
  assert.equal(await thrown(`EPayWidget.run({ target_element: 'nowhere' })`), 'Invalid target_element');
  assert.equal(await thrown(`EPayWidget.bind('nowhere', {})`), 'nothing');
  assert.equal(await visitor.page.locator('iframe').count(), 0);
  const facts = await visitor.page.evaluate<[string, string, boolean]>(
    '[EPayWidget.guid(3), EPayWidget.getBaseUrl(), EPayWidget.isMobile()]',
  );
  assert.match(facts[0], /^[0-9a-f]{12}$/);
  assert.deepEqual(facts.slice(1), [world.server.origin, false]);
});

test('closing: at once before anything is sent, after a question while a charge is under way; Esc asks too', async () => {
  await using visitor = await world.visitor({ viewport: { width: 1280, height: 800 } });
  const { page } = visitor;
  const session = goodSession('popup');
  await visitShop(shop, world, page, `<script>EPayWidget.bind('pay', { ${ORDER}, close_on_missclick: 1 });</script>`);
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.locator('.loaded').waitFor();
  await page.mouse.click(20, 400);
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual((await heard(page)).slice(-2), ['Destroy', 'Exit']);

  await page.getByRole('button', { name: 'Buy' }).click();
  await page.locator('.loaded').waitFor();
  session.move(screens['waitResult'] ?? codeScreen());
  const frame = page.frameLocator('iframe.ep-iframe');
  await frame.locator('[data-kind=waiting]').waitFor();
  await frame.locator('h1').press('Escape');
  const question = page.getByRole('alertdialog', { name: 'Платёж не завершён. Закрыть?' });
  await question.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Продолжить оплату');
  await page.getByRole('button', { name: 'Продолжить оплату' }).click();
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Закрыть' }).click();
  await question.waitFor();
  await question.getByRole('button', { name: 'Закрыть' }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await heard(page), ['Run', 'Loaded', 'Destroy', 'Exit', 'Run', 'Loaded', 'Destroy', 'Exit']);
});

test('who does not close after all goes on typing where the question came', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = goodSession('popup');
  session.model = { ...session.model, screen: codeScreen() };
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER} });</script>`);
  await page.locator('.loaded').waitFor();
  const frame = page.frameLocator('iframe.ep-iframe');
  await frame.locator('#code').fill('12');
  await frame.locator('#code').press('Escape');
  const question = page.getByRole('alertdialog');
  await question.waitFor();
  await page.getByRole('button', { name: 'Продолжить оплату' }).click();
  await frame.locator('#code:focus').waitFor();
  await page.keyboard.type('34');
  assert.equal(await frame.locator('#code').inputValue(), '1234');

  await page.getByRole('button', { name: 'Закрыть' }).click();
  await question.waitFor();
  await page.getByRole('button', { name: 'Продолжить оплату' }).click();
  await frame.locator('#code:focus').waitFor();
});

test('messages that the page did not send are not believed', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  goodSession('popup');
  const forge = `<script>const widget = EPayWidget.run({ ${ORDER} });
    const forge = (extra) => window.postMessage(JSON.stringify({ message: 'epframe.payment.success', data: {}, guid: widget.guid, from_another_domain: true, ...extra }), '*');</script>
    <iframe id="other" src="${world.server.origin}/other"></iframe>`;
  await visitShop(shop, world, page, forge);
  await page.locator('.loaded').waitFor();
  await page.evaluate('forge({})');
  const other = page.frames().find((frame) => frame.url().endsWith('/other'));
  const guid = await page.evaluate<string>('widget.guid');
  await other?.evaluate(
    (id) => window.parent.postMessage(JSON.stringify({ message: 'epframe.payment.fail', data: {}, guid: id }), '*'),
    guid,
  );
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.deepEqual(await heard(page), ['Run', 'Loaded']);
});

test('a frame that never speaks is said to have failed, and its answer is shown', async () => {
  await using visitor = await world.visitor();
  world.server.script = () => ({ status: 400, html: '<h1>wrong</h1>' });
  await visitShop(shop, world, visitor.page, `<script>const widget = EPayWidget.run({ ${ORDER} });</script>`);
  await visitor.page.locator('.loaded').waitFor();
  assert.deepEqual(await heard(visitor.page), ['Run', 'FailLoading']);
  const data = await visitor.page.evaluate<{ message: string; config: { payment_id: string } }>('log[1][1]');
  assert.equal(data.message, 'Network problem');
  assert.equal(data.config.payment_id, 'payment_47');
});

test('Esc closes a modal whose frame has not loaded, or never speaks; the page itself gets the focus', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const focusedTag = () => page.evaluate(() => document.activeElement?.tagName);
  const closesByEsc = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached', timeout: 3000 });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'pay');
  };
  const gate = Promise.withResolvers<undefined>();
  world.server.script = () => gate.promise;
  await visitShop(shop, world, page, `<script>EPayWidget.bind('pay', { ${ORDER} });</script>`);
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.locator('iframe').waitFor();
  await closesByEsc();
  gate.resolve(undefined);

  world.server.script = () => ({ status: 400, html: '<h1>wrong</h1>' });
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.frameLocator('iframe').locator('h1').click();
  assert.equal(await focusedTag(), 'IFRAME');
  await page.locator('.loaded').waitFor();
  await closesByEsc();

  goodSession('popup');
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.locator('.loaded').waitFor();
  assert.equal(await focusedTag(), 'IFRAME');
  await closesByEsc();
});

test('a link that is refused is told to the shop at once, and to nobody who did not ask', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const means = { nonce: world.server.nonce, assets: await pageAssets() };
  const faults = Array.from({ length: 20 }, (_, index) => ({ field: `field_${index}`, message: 'is missing' }));
  const refusal = { language: 'en', status: 400, audience: 'developer', faults, requestId: 'f3a9c1d204' } as const;
  world.server.script = () => ({ status: 400, page: renderErrorPage(refusal, means) });
  await visitShop(shop, world, page, `<script>const widget = EPayWidget.run({ ${ORDER} });</script>`);
  await page.locator('.loaded').waitFor();
  await page.locator('iframe[style*=height]').waitFor();
  assert.deepEqual(await heard(page), ['Run', 'FailLoading']);
  const data = await page.evaluate<{ message: string; config: { payment_id: string } }>('log[1][1]');
  const shownPage = page.frameLocator('iframe.ep-iframe');
  assert.equal(data.message, await shownPage.locator('h1').innerText());
  const [frame, content] = [await page.locator('iframe').boundingBox(), await shownPage.locator('#page').boundingBox()];
  assert.ok(frame && content && content.height > 600);
  assert.ok(Math.abs(frame.height - content.height) < 1, 'nothing of the page is cut off, nor empty below it');
  assert.equal(data.config.payment_id, 'payment_47');
  assert.deepEqual(
    visitor.complaints.filter((complaint) => !complaint.includes('status of 400')),
    [],
  );
});

test('any message becomes a handler of its name', () => {
  const names = [
    'epframe.payment.success',
    'epframe.show_clarification_page',
    'epframe.embedded_mode.check_submit',
    'epframe.otp_shown',
  ];
  assert.deepEqual(names.map(handlerName), [
    'onPaymentSuccess',
    'onShowClarificationPage',
    'onCheckSubmit',
    'onOtpShown',
  ]);
});
