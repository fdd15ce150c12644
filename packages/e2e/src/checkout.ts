import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';
import { newPhone } from './stage.ts';

/** What the widget tells a shop in the course of a purchase, in the documented order; sizes left out. */
export const EVENTS: readonly string[] = [
  'onRun',
  'onLoaded',
  'onPaymentSent',
  'onPaymentSubmitResult',
  'onShowClarificationPage',
  'onOtpShown',
  'onSubmitClarificationForm',
  'onPaymentSuccess',
  'onExit',
];
export const CALLBACKS: readonly string[] = ['awaiting clarification', 'success'];

export type View = Page | FrameLocator;

/** Buys in the demo shop the way its label says, and presses Pay on the Payment Page wherever that has opened. */
export async function buyOnPage(page: Page, way: string): Promise<{ readonly view: View; readonly phone: string }> {
  const phone = newPhone('7705');
  hush(phone);
  await page.getByLabel(way).check();
  await page.getByLabel('Phone number').fill(`+${phone}`);
  const isWindow = way === 'On its own page';
  const opened = isWindow ? page.waitForEvent('popup') : undefined;
  await page.getByRole('button', { name: 'Pay from the balance' }).click();
  const framed = page.frameLocator('iframe.ep-iframe');
  const view = opened ? await opened : await Promise.any([first(page), first(framed)]);
  await view.getByRole('button', { name: /^Pay / }).click();
  await view.getByText('Enter the code').waitFor();
  return { view, phone };
}

/** The one of the two that shows the page: without a script it takes the shop's place. */
async function first(view: View): Promise<View> {
  await view.getByLabel('Mobile number').waitFor();
  return view;
}

/** Reads the code in the shop, as a payer does: it must be there to see, and not lie under anything. */
export async function codeBeside(page: Page, phone: string, where = '#messages mark'): Promise<string> {
  const mark = page.locator(where).first();
  if (!(await isScripted(page))) {
    await eventually('the code is on the phone', async () => {
      await page.reload();
      return (await mark.count()) > 0 && true;
    });
  }
  await mark.waitFor();
  const [code, box, modal] = [await mark.innerText(), await mark.boundingBox(), page.locator('dialog[open]')];
  const size = page.viewportSize();
  assert.ok(box && size && box.y >= 0 && box.y + box.height <= size.height, 'the code is on the screen');
  const cover = where === '#messages mark' && (await modal.count()) > 0 ? await modal.boundingBox() : null;
  assert.ok(!cover || cover.x + cover.width <= box.x, 'the modal leaves the code in sight');
  const number = (await page.locator('#phone-number').innerText()).replaceAll(/\D/g, '');
  assert.equal(number, phone);
  hush(code);
  return code;
}

const isScripted = async (page: Page): Promise<boolean> => page.locator('#live').isVisible();

export async function payOnPage(view: View, code: string): Promise<void> {
  await view.getByLabel('Code from the message').fill(code);
  await view.getByRole('button', { name: /^Pay / }).click();
  await view.getByRole('heading', { name: 'Paid' }).waitFor();
}

/** The lines of the shop's log about a payment, of its widget or of callbacks, once there are so many. */
export async function heardByShop(
  page: Page,
  paymentId: string,
  side: 'widget' | 'callback',
  count: number,
): Promise<string[]> {
  const lines = page
    .locator(`#log .entry[data-order="${paymentId}"]`)
    .filter({ has: page.getByText(side, { exact: true }) });
  const names = async (): Promise<string[]> =>
    (await lines.locator('b').allInnerTexts()).filter((name) => name !== 'onResize');
  await eventually(`${count} lines of the ${side}`, async () => (await names()).length >= count && true);
  return names();
}
