import { createCipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ecommpay from 'ecommpay';
import type { Page } from 'playwright-core';

/** The sandbox's project, as the platform prints it at its start. */
const SECRET = 'test-secret';
const HANDLERS =
  'Run Loaded FailLoading PaymentMethodSelect PaymentSent PaymentSubmitResult ShowClarificationPage SubmitClarificationForm ' +
  'PaymentSuccess PaymentFail Destroy Exit OtpShown OtpResent OtpInvalid Expired';

export type Parameters = Readonly<Record<string, string | number | object>>;

/** A shop with a web page on an origin of its own, that opens the Payment Page as the documentation's samples do. */
export class PageMerchant implements AsyncDisposable {
  readonly origin: string;
  readonly #platform: string;
  readonly #server: Server;
  #html = '';

  private constructor(server: Server, platform: string) {
    this.#server = server;
    this.#platform = platform;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(platform: string): Promise<PageMerchant> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const merchant = new PageMerchant(server, platform);
    server.on('request', (_, response) => response.setHeader('content-type', 'text/html').end(merchant.#html));
    return merchant;
  }

  /** The documentation's sample, signed by the public SDK's own signer. */
  signed(paymentId: string, more: Parameters = {}): Parameters {
    const parameters = {
      project_id: 1234,
      payment_id: paymentId,
      customer_id: 'customer_123',
      customer_first_name: 'John',
      customer_last_name: 'Doe',
      customer_email: 'johndoe@example.com',
      payment_currency: 'KZT',
      payment_amount: 100_000,
      force_payment_method: 'mobile',
      ...more,
    };
    return { ...parameters, signature: ecommpay.signer(parameters, SECRET) };
  }

  link(paymentId: string, more: Parameters = {}): string {
    return `${this.#platform}/payment?${queryOf(this.signed(paymentId, more))}`;
  }

  /** As the family's SDKs encrypt it: AES-256-CBC, the key padded with NUL to 32 bytes. */
  encryptedPath(paymentId: string, key: string, more: Parameters = {}): string {
    const iv = randomBytes(16);
    const cipher = createCipheriv(
      'aes-256-cbc',
      Buffer.concat([Buffer.from(key), Buffer.alloc(32)]).subarray(0, 32),
      iv,
    );
    const text = `/payment?${queryOf(this.signed(paymentId, more))}`;
    const body = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
    return `/1234/${Buffer.from(`${body}::${iv.toString('base64')}`).toString('base64')}`;
  }

  /** Shows the shop's page and runs a piece of its script, which finds the signed parameters in `order` and handlers in `on`. */
  async show(page: Page, order: Parameters, script: string): Promise<void> {
    this.#html = `<!doctype html><html lang="ru"><title>Shop</title>
      <link rel="stylesheet" href="${this.#platform}/shared/merchant.css"><script src="${this.#platform}/shared/merchant.js"></script>
      <body><div id="here"></div><script>const log = []; const on = {};
      for (const name of '${HANDLERS}'.split(' ')) on['on' + name] = (data) => log.push([name, data]);
      const order = { ...${JSON.stringify(order)}, ...on }; ${script}</script>`;
    await page.goto(this.origin);
  }

  /** Serves a page that somebody wrote, and nothing beside it; resolves once the browser has loaded it. */
  async serve(page: Page, html: string): Promise<void> {
    this.#html = html;
    await page.goto(this.origin);
  }

  /** What the shop's handlers heard, in order, once that is so much: the frame shows a step before its message is here. */
  async heard(page: Page, count: number): Promise<[name: string, data: Record<string, unknown>][]> {
    await page.waitForFunction(`log.length >= ${count}`);
    return page.evaluate<[string, Record<string, unknown>][]>('log');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function queryOf(parameters: Parameters): string {
  const texts = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return new URLSearchParams(Object.fromEntries(texts)).toString();
}
