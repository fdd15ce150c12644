import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { buyOnPage, CALLBACKS, codeBeside, EVENTS, heardByShop, payOnPage, type View } from './checkout.ts';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';
import { newPhone, Stage } from './stage.ts';

const PATIENCE_MS = 15_000;

let stage: Stage;
let browser: Browser;
const cleanup = new AsyncDisposableStack();
before(async () => {
  const opened = cleanup.use(await openBrowser());
  stage = cleanup.use(await Stage.set());
  ({ browser } = opened);
});
after(() => cleanup.disposeAsync());

/** Opens the shop in a window of its own that counts how often the page is loaded and notes what its script complains of. */
async function openShop(context: BrowserContext): Promise<{ page: Page; loads: () => number; complaints: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  let loads = 0;
  const complaints: string[] = [];
  page.on('load', () => (loads += 1));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(stage.sandbox.shop);
  return { page, loads: () => loads, complaints };
}

/** Reads the newest code from the phone's page, as a payer looks at the screen. */
async function readPhone(context: BrowserContext, phone: string): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${stage.sandbox.simulator}/phones/${phone}`);
  const text = await page.locator('#messages li').first().innerText({ timeout: PATIENCE_MS });
  const code = /код (\d+)\./.exec(text)?.[1] ?? '';
  hush(code);
  await page.close();
  return code;
}

test('a person buys, reads the code on the phone, pays and gets the money back, on a page that updates by itself', async () => {
  await using context = await browser.newContext();
  const { page, loads, complaints } = await openShop(context);
  const phone = newPhone();
  hush(phone);
  await page.getByLabel('By the shop’s form').check();
  await page.getByLabel('Phone number').fill(`+${phone}`);
  await page.getByLabel('Amount, ₸').fill('1500.50');
  await page.getByRole('button', { name: 'Pay from the balance' }).click();

  const order = page.locator('article.order').first();
  await order.getByText('awaiting clarification', { exact: true }).first().waitFor();
  await order.getByText('The operator sent a code by text message.').waitFor();
  await order.getByLabel('Code').fill(await readPhone(context, phone));
  await order.getByRole('button', { name: 'Send code', exact: true }).click();
  await order.locator('.badge', { hasText: /^success$/ }).waitFor();
  assert.equal(await order.getByLabel('Code').count(), 0);

  await order.getByLabel('Refund, ₸').fill('500.50');
  await order.getByRole('button', { name: 'Refund' }).click();
  await order.locator('.badge', { hasText: /^partially refunded$/ }).waitFor();
  await order.getByRole('button', { name: 'Refund' }).click();
  await order.locator('.badge', { hasText: /^refunded$/ }).waitFor();
  assert.equal(loads(), 1, 'the page was never loaded anew');
  assert.deepEqual(complaints, []);

  const paymentId = await order.locator('code').first().innerText();
  assert.deepEqual(await stage.operator.moved(paymentId), [150_050, -50_050, -100_000]);
  const shown = await stage.atShop(paymentId).order();
  assert.equal(shown.status, 'refunded');
});

test('a payment that another program starts shows up by itself', async () => {
  await using context = await browser.newContext();
  const { page, loads } = await openShop(context);
  const [paymentId, phone] = [`elsewhere-${Date.now()}`, newPhone()];
  assert.equal((await stage.merchant.sale({ paymentId, phone })).status, 200);
  const order = page.locator('article.order', { hasText: paymentId });
  await order.locator('.badge', { hasText: /^awaiting clarification$/ }).waitFor();
  await stage.seeThrough(paymentId, phone);
  await order.locator('.badge', { hasText: /^success$/ }).waitFor();
  assert.equal(loads(), 1);
});

test('the keyboard alone is enough', async () => {
  await using context = await browser.newContext();
  const { page } = await openShop(context);
  const phone = newPhone();
  hush(phone);
  const focusOn = (name: string): Promise<true> =>
    eventually(`the focus reaches ${name}`, async () => {
      await page.keyboard.press('Tab');
      return (await page.evaluate(nameOfFocus)) === name;
    });
  await focusOn('way');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
  await focusOn('phone');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(phone);
  await page.keyboard.press('Enter');
  // The newest order is the first.
  const badge = page.locator('article.order').first().locator('.badge');
  await badge.getByText('awaiting clarification', { exact: true }).waitFor();
  const code = await readPhone(context, phone);
  await page.bringToFront();
  await focusOn('code');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await badge.getByText('success', { exact: true }).waitFor();
});

for (const [way, events] of [
  ['In this page', EVENTS],
  ['In a modal', EVENTS],
  ['On its own page', []],
] as const) {
  test(`${way.toLowerCase()}: bought with the code of the phone beside, all told in the log`, async () => {
    await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, loads, complaints } = await openShop(context);
    const { view, phone } = await buyOnPage(page, way);
    const code = await codeBeside(page, phone);
    await payOnPage(view, code);
    if (events.length > 0) await backFromFrame(view, page);
    const order = page.locator('article.order').first();
    await order.locator('.badge', { hasText: /^success$/ }).waitFor();
    const paymentId = await order.locator('code').first().innerText();
    assert.deepEqual(await heardByShop(page, paymentId, 'callback', CALLBACKS.length), CALLBACKS);
    assert.deepEqual(await heardByShop(page, paymentId, 'widget', events.length), events);
    assert.deepEqual(await stage.operator.moved(paymentId), [120_000]);
    assert.deepEqual([loads(), complaints], [1, []]);
  });
}

test('the shop runs the released widget that it pinned, and one with other bytes would not run', async () => {
  await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const { page, complaints } = await openShop(context);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap(({ name }) => /\/shared\/(merchant.*)$/.exec(name)?.[1] ?? []),
  );
  assert.equal(loaded.length, 2);
  for (const name of loaded) assert.match(name, /^merchant@\d+\.\d+\.\d+\.(?:js|css)$/);
  assert.equal(await page.evaluate(() => typeof Reflect.get(window, 'EPayWidget')), 'object');
  assert.deepEqual(complaints, []);

  await context.route(/\/shared\/merchant@/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()} ` });
  });
  const tampered = await openShop(context);
  assert.equal(await tampered.page.evaluate(() => typeof Reflect.get(window, 'EPayWidget')), 'undefined');
  assert.equal(tampered.complaints.filter((line) => line.includes('integrity')).length, 2);
});

/** By the button under the receipt, which the shop's own handlers act on. */
async function backFromFrame(view: View, page: Page): Promise<void> {
  await view.getByRole('button', { name: 'Back to the shop' }).click();
  await page.locator('iframe').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Pay from the balance' }).waitFor();
}

test('on a narrow screen the page itself opens beside the shop, which holds the phone', async () => {
  await using context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const { page, loads } = await openShop(context);
  const { view, phone } = await buyOnPage(page, 'On its own page');
  await page.bringToFront();
  await payOnPage(view, await codeBeside(page, phone, '#banner mark'));
  assert.equal(loads(), 1);
});

test('on a narrow screen the code drops in over the modal, as on a phone', async () => {
  await using context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const { page } = await openShop(context);
  const { view, phone } = await buyOnPage(page, 'In a modal');
  const code = await codeBeside(page, phone, '#banner mark');
  for (const width of [320, 390, 640, 1000]) {
    await page.setViewportSize({ width, height: 780 });
    const message = await page.locator('#banner').boundingBox();
    const cross = await page.locator('#ep-modal-close').boundingBox();
    assert.ok(message && cross && message.x >= 0 && message.x + message.width <= cross.x, `${width}`);
  }
  await page.setViewportSize({ width: 390, height: 780 });
  await payOnPage(view, code);
});

test('a changed number: the phone beside follows it, and no code stays in the way once it is of no use', async () => {
  await using context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const { page } = await openShop(context);
  const { view, phone } = await buyOnPage(page, 'In a modal');
  const banner = page.locator('#banner');
  await codeBeside(page, phone, '#banner mark');
  await view.getByRole('button', { name: 'Change the number' }).click();
  const next = newPhone('7701');
  hush(next);
  await view.getByLabel('Mobile number').fill(next.slice(1));
  await view.getByRole('button', { name: /^Pay / }).click();
  await eventually('the phone beside is the new one', async () => {
    return (await page.locator('#phone-number').innerText()).replaceAll(/\D/g, '') === next;
  });
  await banner.waitFor();
  const code = await codeBeside(page, next, '#banner mark');
  await view
    .getByLabel('Code from the message')
    .fill(code.replaceAll(/./g, (digit) => String((Number(digit) + 1) % 10)));
  await view.getByRole('button', { name: /^Pay / }).click();
  await page.locator('#log', { hasText: 'onOtpInvalid' }).waitFor();
  await banner.waitFor();
  await payOnPage(view, await codeBeside(page, next, '#banner mark'));
  // Long before it would go by itself, twenty seconds after it came.
  await banner.waitFor({ state: 'hidden', timeout: 8_000 });
});

test('on a narrow screen a purchase by the form leads to its decline, with the number of a new browser in the form', async () => {
  await using context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const { page } = await openShop(context);
  await page.getByLabel('By the shop’s form').check();
  assert.equal(await page.getByLabel('Phone number').inputValue(), '+7 707 123 45 67');
  await page.getByLabel('Phone number').fill('77000000101');
  await page.getByRole('button', { name: 'Pay from the balance' }).click();
  const badge = page
    .locator('article.order')
    .first()
    .locator('.badge', { hasText: /^decline$/ });
  await badge.waitFor();
  await eventually('the decline is in view', async () => {
    const box = await badge.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 780 && true;
  });
  await page.reload();
  assert.equal(await page.getByLabel('Phone number').inputValue(), '+7 700 000 01 01', 'this browser chose it');
});

test('the simulator’s switches take an operator in small letters', async () => {
  await using context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${stage.sandbox.simulator}/switches`);
  await page.getByLabel('Operator or number').fill('tele2');
  await page.locator('select[name=call]').selectOption('refund');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('row', { name: 'TELE2 refund no answer at all' }).waitFor({ timeout: PATIENCE_MS });
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Nothing is switched').waitFor({ timeout: PATIENCE_MS });
});

test('without JavaScript the shop leads to the page and holds the phone', async () => {
  await using context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await openShop(context);
  const { view, phone } = await buyOnPage(page, 'In this page');
  const shop = await context.newPage();
  await shop.goto(stage.sandbox.shop);
  await payOnPage(view, await codeBeside(shop, phone));
  await page.getByRole('link', { name: 'Back to the shop' }).click();
  await page
    .locator('article.order')
    .first()
    .locator('.badge', { hasText: /^success$/ })
    .waitFor();
});

test('axe finds nothing in the shop, as it is opened and with the page in it', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await using context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 } });
    const { page } = await openShop(context);
    await page.getByText('live', { exact: true }).waitFor();
    assert.deepEqual(await axeFaults(page), [], colorScheme);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits into 320 px');
    if (colorScheme === 'dark') continue;
    await buyOnPage(page, 'In this page');
    await page.locator('#banner', { hasText: 'Rocketpay' }).waitFor();
    assert.deepEqual(await axeFaults(page), [], 'with the page, and a message dropping in');
  }
});

/** What axe has against the shop's own document; the Payment Page in it is tried elsewhere. */
async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const runner: typeof axe = Reflect.get(window, 'axe');
    const { violations } = await runner.run({ exclude: ['iframe'] }, { iframes: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

/** Runs in the page. */
function nameOfFocus(): string {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement ? focused.name : '';
}
