import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '@rocketpay/e2e/browser.ts';
import { pageAssets } from '../build-assets.ts';
import type { PageModel } from '../model.ts';
import { renderPage } from '../render/page.ts';
import { ScriptedServer } from './scripted-server.ts';

/** A browser and a server whose answers the tests write; shared by the tests of a file. */
export class PageWorld implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly browser: Browser;
  readonly #stack: AsyncDisposableStack;

  private constructor(server: ScriptedServer, browser: Browser, stack: AsyncDisposableStack) {
    this.server = server;
    this.browser = browser;
    this.#stack = stack;
  }

  static async open(): Promise<PageWorld> {
    const stack = new AsyncDisposableStack();
    const [{ browser }, server] = await Promise.all([
      openBrowser().then((opened) => stack.use(opened)),
      ScriptedServer.open().then((opened) => stack.use(opened)),
      pageAssets(),
    ]);
    return new PageWorld(server, browser, stack);
  }

  async document(model: PageModel): Promise<string> {
    return renderPage(model, { nonce: this.server.nonce, assets: await pageAssets() });
  }

  /** A window of its own, whose complaints a test may look at. */
  async visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
    this.server.reset();
    const context = await this.browser.newContext({ viewport: { width: 390, height: 700 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** Everything the console showed. */
  readonly complaints: string[];
}
