import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { TOP } from './config.ts';
import { hush } from './hush.ts';
import { PageMerchant } from './page-merchant.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

const EVENTS = [
  'Run',
  'Loaded',
  'PaymentSent',
  'PaymentSubmitResult',
  'ShowClarificationPage',
  'OtpShown',
  'SubmitClarificationForm',
  'PaymentSuccess',
];
const RUSSIAN = { language_code: 'ru' };
/** Of the sandbox's project. */
const ENCRYPTION_KEY = 'encrypt_secret';

/** A subscriber of the simulator without money. */
const POOR = '77000000101';

let stage: Stage;
let browser: Browser;
let shop: PageMerchant;
const cleanup = new AsyncDisposableStack();
before(async () => {
  ({ browser } = cleanup.use(await openBrowser()));
  stage = cleanup.use(await Stage.set());
  shop = cleanup.use(await PageMerchant.open(stage.sandbox.platform));
});
after(() => cleanup.disposeAsync());

interface Payer extends AsyncDisposable {
  readonly page: Page;
  readonly phone: string;
  readonly paymentId: string;
}

async function payer(options: BrowserContextOptions = {}): Promise<Payer> {
  const context = await browser.newContext({ viewport: { width: 390, height: 700 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const phone = newPhone('7705');
  hush(phone);
  return { page, phone, paymentId: newPaymentId(), [Symbol.asyncDispose]: () => context.close() };
}

type View = Page | FrameLocator;

async function giveNumber(view: View, { phone }: Payer): Promise<void> {
  await view.getByLabel('Номер мобильного телефона').fill(`+${phone}`);
  await view.getByRole('button', { name: 'Оплатить' }).click();
  await view.getByText('Введите код').waitFor();
}

async function giveCode(view: View, { phone, paymentId }: Payer, count = 1): Promise<void> {
  await view.getByLabel('Код из СМС').fill(await stage.operator.code(phone, paymentId, count));
  await view.getByRole('button', { name: 'Оплатить' }).click();
}

const paid = (view: View): Promise<void> => view.getByRole('heading', { name: 'Оплачено' }).waitFor();

test('in a tab by a signed link: paid once, the callbacks those of Gate; reloaded at every step, and back from elsewhere', async () => {
  await using customer = await payer();
  const { page, paymentId } = customer;
  const inbox = stage.endpoint.inbox(paymentId);
  await page.goto(shop.link(paymentId, { ...RUSSIAN, merchant_callback_url: inbox.url }));
  await page.waitForURL(/\/payment\/s\/[^?]+$/);
  await page.reload();
  await giveNumber(page, customer);
  await page.reload();
  await page.getByText('Введите код').waitFor();
  await page.goto('about:blank');
  await page.goBack();
  await giveCode(page, customer);
  await paid(page);
  await page.reload();
  await paid(page);
  const done = await inbox.take(2, 'success', 20_000);
  assert.deepEqual(done.payment.sum, { amount: 100_000, currency: 'KZT' });
  assert.deepEqual(inbox.story, ['awaiting clarification sale 9999 code_requested', 'success sale 0']);
  assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
});

for (const [mode, method, script] of [
  ['modal', 'GET', `EPayWidget.run(order)`],
  ['iframe', 'POST', `EPayWidget.run({ ...order, target_element: 'here' }, 'POST')`],
] as const) {
  test(`in a ${mode} by ${method}, with the operator enforced: the events in the documented order`, async () => {
    await using customer = await payer({ viewport: { width: 1280, height: 900 } });
    const { page, paymentId } = customer;
    const options = { payment_methods_options: { enable_mobile_service: 1, selected_operator: 'BEELINE' } };
    const target = mode === 'iframe' ? { target_element: 'here' } : {};
    await shop.show(page, shop.signed(paymentId, { ...RUSSIAN, ...options, ...target }), script);
    const frame = page.frameLocator('iframe.ep-iframe');
    await frame.getByText('Магазин просит оплатить с номера Beeline.').waitFor();
    await giveNumber(frame, customer);
    await giveCode(frame, customer);
    await paid(frame);
    const log = await shop.heard(page, EVENTS.length);
    assert.deepEqual(
      log.map(([name]) => name),
      EVENTS,
    );
    const data = Object.fromEntries(log);
    assert.equal(typeof data['PaymentSubmitResult']?.['request_id'], 'string');
    assert.partialDeepStrictEqual(data['PaymentSuccess'], { general: { payment_id: paymentId } });
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
  });
}

test('the guide’s sample, served by itself as it is printed, opens over the page and is paid', async () => {
  const guide = readFileSync(join(TOP, 'docs/guides/payment-page.md'), 'utf8');
  const [, html = ''] = /```html\n([\s\S]*?)```/.exec(guide) ?? [];
  const paymentId = /payment_id: '([^']+)'/.exec(html)?.[1] ?? '';
  await using customer = await payer({ locale: 'ru-RU' });
  const sale = { ...customer, paymentId, phone: newPhone('7707') };
  hush(sale.phone);
  await shop.serve(customer.page, html.replaceAll('http://127.0.0.1:8080', stage.sandbox.platform));
  const frame = customer.page.frameLocator('iframe');
  await frame.getByText('Магазин просит оплатить с номера Tele2.').waitFor();
  await giveNumber(frame, sale);
  await giveCode(frame, sale);
  await paid(frame);
  assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
});

test('by an encrypted link, with a wrong code first', async () => {
  await using customer = await payer();
  const { page, paymentId } = customer;
  await page.goto(`${stage.sandbox.platform}${shop.encryptedPath(paymentId, ENCRYPTION_KEY, RUSSIAN)}`);
  await giveNumber(page, customer);
  await page.getByLabel('Код из СМС').fill('000000');
  await page.keyboard.press('Enter');
  await page
    .getByText(/Неверный код.*Осталось\s4\sпопытки/)
    .first()
    .waitFor();
  await giveCode(page, customer);
  await paid(page);
});

test('without JavaScript', async () => {
  await using customer = await payer({ javaScriptEnabled: false });
  await customer.page.goto(shop.link(customer.paymentId, RUSSIAN));
  await giveNumber(customer.page, customer);
  await giveCode(customer.page, customer);
  await paid(customer.page);
  assert.deepEqual(await stage.operator.moved(customer.paymentId), [100_000]);
});

test('in two tabs at once, with the network lost on the way: what one does the other shows, and it is paid once', async () => {
  await using customer = await payer();
  const { page, paymentId } = customer;
  const link = shop.link(paymentId, RUSSIAN);
  await page.goto(link);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await giveNumber(page, customer);
  await other.getByText('Введите код').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('alert').filter({ hasText: 'Нет связи' }).waitFor();
  await giveCode(page, customer);
  await page.context().setOffline(false);
  await paid(page);
  await paid(other);
  assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
});

test('a declined number, another try, a changed number: one payment, charged once', async () => {
  await using customer = await payer();
  const { page, paymentId } = customer;
  await page.goto(shop.link(paymentId, RUSSIAN));
  await page.getByLabel('Номер мобильного телефона').fill(POOR);
  await page.getByRole('button', { name: 'Оплатить' }).click();
  await page.getByRole('heading', { name: 'Платёж не прошёл' }).waitFor();
  await page.getByText('Осталось 5 попыток').waitFor();
  await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
  await page.getByText('Осталось 4 попытки').waitFor();
  await page.getByRole('button', { name: 'Изменить номер' }).click();
  await giveNumber(page, { ...customer, phone: newPhone('7777') });
  await page.getByRole('button', { name: 'Изменить номер' }).click();
  await page.getByRole('heading', { name: 'Оплата с баланса телефона' }).waitFor();
  await giveNumber(page, customer);
  await giveCode(page, customer);
  await paid(page);
  assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
});
