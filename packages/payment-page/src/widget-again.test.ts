import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PageWorld } from './testing/page-world.ts';
import { codeScreen, NOW, numberScreen, screens } from './testing/samples.ts';
import type { ScriptedServer } from './testing/scripted-server.ts';
import { ScriptedSession } from './testing/scripted-session.ts';
import { heard, openedWith, openShop, visitShop } from './testing/shop-page.ts';

const ORDER = `project_id: 1234, payment_id: 'payment_47', payment_currency: 'KZT', payment_amount: 100000, signature: 'abc+/=', ...on`;

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

async function closeUnderWay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Закрыть' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Закрыть' }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

test('closed while another number pays after a decline: the shop hears that there is no result', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const declined = screens['declineNotAccepted'] ?? numberScreen();
  const session = new ScriptedSession(world, { opened: 'popup' });
  session.onStep = (step, { body }) => {
    if (step === 'number' && body.get('number') !== '') return codeScreen();
    return numberScreen(step === 'number' ? { faults: ['number_missing'] } : {});
  };
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER} });</script>`);
  await page.locator('.loaded').waitFor();
  session.move(declined);
  const frame = page.frameLocator('iframe.ep-iframe');
  await frame.locator('form[action$=change-number] button').click();
  await frame.locator('#pay .main').click();
  await frame.locator('#number[aria-invalid]').waitFor();
  await frame.locator('#number').fill('7051234567');
  await frame.locator('#pay .main').click();
  await frame.locator('#code').waitFor();
  await closeUnderWay(page);
  assert.deepEqual(
    await heard(page),
    'Run Loaded PaymentFail PaymentTryAgain PaymentSent ShowClarificationPage OtpShown Destroy Exit'.split(' '),
    'a press without a number sends nothing',
  );
});

test('closed while another tab pays after a decline: the shop hears that there is no result', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { opened: 'popup' });
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER} });</script>`);
  await page.locator('.loaded').waitFor();
  session.move(screens['declineNotAccepted'] ?? numberScreen());
  session.move(codeScreen());
  await page.frameLocator('iframe.ep-iframe').locator('#code').waitFor();
  await closeUnderWay(page);
  assert.deepEqual((await heard(page)).slice(-2), ['Destroy', 'Exit']);
});

test('a second press of the shop’s own button leaves one dialog, which closes for good', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { opened: 'popup' });
  const twice = `EPayWidget.run({ ${ORDER} }); EPayWidget.run({ ${ORDER} });`;
  await visitShop(shop, world, page, `<script>${twice}</script>`);
  await page.locator('.loaded').waitFor();
  assert.equal(await page.locator('dialog').count(), 1);
  assert.equal(await page.frameLocator('iframe').locator('#page').getAttribute('data-kind'), session.model.screen.kind);
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await heard(page), ['Run', 'Run', 'Loaded', 'Destroy', 'Exit']);
  assert.equal(await page.evaluate(() => document.documentElement.style.overflow), '');
});

test('a configuration that the shop has frozen opens in every way', async () => {
  for (const [call, frameMode] of [
    [`run(Object.freeze({ ${ORDER} }))`, 'popup'],
    [`run(Object.freeze({ ${ORDER}, target_element: 'here' }), 'POST')`, 'iframe'],
    [`runEmbedded(Object.freeze({ ${ORDER}, target_element: 'here' }))`, 'embedded'],
  ]) {
    await using visitor = await world.visitor();
    const { page } = visitor;
    const session = new ScriptedSession(world, { opened: 'iframe' });
    await visitShop(shop, world, page, `<script>EPayWidget.${call};</script>`);
    await page.frameLocator('iframe.ep-iframe').locator(`[data-kind=${session.model.screen.kind}]`).waitFor();
    assert.equal(openedWith(world).sent['frame_mode'], frameMode);
    assert.deepEqual(visitor.complaints, []);
  }
});

test('a resend is told once it is done, and asks for nothing while it is under way', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { opened: 'popup', screen: codeScreen({ request: '1.0' }) });
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER} });</script>`);
  await page.locator('.loaded').waitFor();
  const frame = page.frameLocator('iframe.ep-iframe');
  for (const request of ['1.1', '1.2']) {
    session.move(codeScreen({ request, resending: true, notice: request === '1.1' ? null : 'code_resent' }));
    await frame.locator('[data-resending]').waitFor();
    session.move(codeScreen({ request, notice: 'code_resent' }));
    await frame.locator('#page:not([data-resending])').waitFor();
  }
  assert.deepEqual(await heard(page), 'Run Loaded ShowClarificationPage OtpShown OtpResent OtpResent'.split(' '));
});

test('a result that leads to the shop within the frame is followed in silence', async () => {
  await using visitor = await world.visitor();
  const { page } = visitor;
  const session = new ScriptedSession(world, { opened: 'iframe' });
  await visitShop(shop, world, page, `<script>EPayWidget.run({ ${ORDER}, target_element: 'here' });</script>`);
  await page.frameLocator('#here iframe').locator('#number').waitFor();
  session.move(
    { kind: 'success', at: NOW, maskedNumber: '+7', operator: 'BEELINE' },
    { result: { status: 'success' }, autoRedirect: { url: `${shop.origin}/thanks`, open: 'iframe' } },
  );
  await page.frameLocator('#here iframe').getByText('the shop').waitFor();
  assert.deepEqual(await heard(page), ['Run', 'Loaded', 'PaymentSuccess']);
  assert.deepEqual(visitor.complaints, []);
});
