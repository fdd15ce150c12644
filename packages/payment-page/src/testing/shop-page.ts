import type { Page } from 'playwright-core';
import type { PageWorld } from './page-world.ts';
import { type Answer, type Asked, ScriptedServer } from './scripted-server.ts';

/** A merchant's page on an origin of its own, with the widget from the page's server. */
export async function openShop(): Promise<ScriptedServer> {
  return ScriptedServer.open();
}

/** @param body the shop's own markup and script */
export async function visitShop(shop: ScriptedServer, world: PageWorld, page: Page, body: string): Promise<void> {
  const { origin } = world.server;
  const html = `<!doctype html><html lang="ru"><title>Shop</title><link rel="stylesheet" href="${origin}/shared/merchant.css">
    <script src="${origin}/shared/merchant.js"></script><body><button id="pay">Buy</button><div id="here"><p>old</p></div>
    <script>const log = []; const on = {}; for (const name of 'Run Loaded FailLoading Resize PaymentMethodSelect PaymentSent PaymentTryAgain PaymentSubmitResult ShowClarificationPage SubmitClarificationForm PaymentSuccess PaymentFail Destroy Exit OtpShown OtpResent OtpInvalid Expired'.split(' ')) on['on' + name] = (data) => log.push([name, data]);</script>${body}</body></html>`;
  shop.script = ({ url }): Answer => (url.pathname === '/shop' ? { html } : { html: 'the shop' });
  await page.goto(`${shop.origin}/shop`);
}

/** What the shop's handlers heard, in order, up to what its frame has posted by now; sizes are left out. */
export async function heard(page: Page): Promise<string[]> {
  await page.evaluate(messagesArrived);
  const log = await page.evaluate<[string, unknown][]>('log');
  return log.map(([name]) => name).filter((name) => name !== 'Resize');
}

/** Runs in the page: messages arrive in the order in which they were posted. */
function messagesArrived(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('message', function arrived({ source, data }) {
      if (source !== window || data !== 'the last') return;
      window.removeEventListener('message', arrived);
      resolve();
    });
    window.postMessage('the last', '*');
  });
}

/** The parameters the page's server was opened with. */
export function openedWith(world: PageWorld): {
  readonly method: string;
  readonly path: string;
  readonly sent: Record<string, string>;
} {
  const found = world.server.asked.find(
    ({ url }: Asked) => url.pathname === '/payment' || /^\/\d+\//.test(url.pathname),
  );
  if (!found) throw new Error('The page was not opened');
  const sent = found.method === 'POST' ? found.body : found.url.searchParams;
  return { method: found.method, path: found.url.pathname, sent: Object.fromEntries(sent) };
}
