import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import ecommpay from 'ecommpay';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';

const SECRET = 'test-secret';
const ENCRYPTION_KEY = 'encrypt_secret';
const unescape = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The documented sample of `EPayWidget.run`. */
export const sampleConfig = (paymentId: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  project_id: 1234,
  payment_id: paymentId,
  customer_id: 'customer_123',
  customer_first_name: 'John',
  customer_last_name: 'Doe',
  customer_email: 'johndoe@example.com',
  payment_currency: 'KZT',
  payment_amount: 100000,
  force_payment_method: 'mobile',
  ...more,
});

/** The configuration freshly signed by the public SDK, as its merchant's server does. */
export const signedConfig = (config: object): Readonly<Record<string, unknown>> => ({
  ...config,
  signature: ecommpay.signer(config, SECRET),
});

/** What a widget sends of a configuration: plain objects as JSON, and how it opened the page, unsigned. */
export function widgetQuery(config: Readonly<Record<string, unknown>>, frame = 'tab'): string {
  const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const sent = Object.entries(config).map(([name, value]): [string, string] => [name, text(value)]);
  return new URLSearchParams([...sent, ['frame_mode', frame], ['_sw', '390'], ['_sh', '844']]).toString();
}

/** The path of an encrypted link, as the family's SDKs make it; PHP's leaves the first slash out. */
export function encryptedPath(query: string, slash: '/' | ''): string {
  const key = Buffer.alloc(32);
  Buffer.from(ENCRYPTION_KEY).copy(key);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = cipher.update(`${slash}payment?${query}`, 'utf8', 'base64') + cipher.final('base64');
  return `/1234/${Buffer.from(`${sealed}::${iv.toString('base64')}`).toString('base64')}`;
}

/** A payer whose browser runs no script: follows links, fills in forms, and reads what the page says. */
export class PagePayer {
  readonly #platform: string;
  #html = '';
  #path = '';
  /** What its browser says of itself with every request. */
  readonly asks = { 'accept-language': 'ru-RU,ru;q=0.9' };
  status = 0;
  headers = new Headers();

  constructor(platform: string) {
    this.#platform = platform;
  }

  get html(): string {
    return this.#html;
  }

  /** Which screen is shown; an error page has none. */
  get kind(): string {
    return this.fact('kind') ?? `error ${this.status}`;
  }

  /** What the page tells its script about the screen. */
  fact(name: string): string | undefined {
    const value = new RegExp(`<div id="page"[^>]* data-${name}="([^"]*)"`).exec(this.#html)?.[1];
    return value === undefined ? undefined : unescape(value);
  }

  /** Opens an address; a link of a signed SDK is an address of the platform. */
  async open(address: string): Promise<string> {
    const { pathname, search } = new URL(address, this.#platform);
    return this.#visit(`${pathname}${search}`);
  }

  /** Opens the page by a form of the shop's, as POST does. */
  async openByPost(query: string): Promise<string> {
    return this.#visit('/payment', { body: query, type: 'application/x-www-form-urlencoded' });
  }

  reload(): Promise<string> {
    return this.#visit(this.fact('base') ?? this.#path);
  }

  /** Presses a form's button, with what the form holds already and what is typed. */
  async submit(action: string, typed: Readonly<Record<string, string>> = {}): Promise<string> {
    if (typed['number'] !== undefined) hush(typed['number'].replaceAll(/\D/g, ''));
    const form = new RegExp(`<form[^>]* action="([^"]*/${action})"[^>]*>([\\s\\S]*?)</form>`).exec(this.#html);
    assert.ok(form, `the screen ${this.kind} has a form that leads to ${action}`);
    const hidden = [...(form[2] ?? '').matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]): [string, string] => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      unescape(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
    ]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...typed }).toString();
    return this.#visit(unescape(form[1] ?? ''), { body, type: 'application/x-www-form-urlencoded' });
  }

  /** Reloads as a page without a script does, until another screen than a waiting one is shown. */
  async settled(): Promise<string> {
    await eventually(`the page waits no more`, async () => (await this.reload()) !== 'waiting');
    return this.kind;
  }

  /** Reloads until this screen is shown. */
  async until(kind: string, withinMs?: number): Promise<void> {
    await eventually(`the page shows ${kind}`, async () => (await this.reload()) === kind, withinMs);
  }

  async #visit(path: string, post?: { readonly body: string; readonly type: string }): Promise<string> {
    const own = new URL(this.#platform).origin;
    const answer = await fetch(`${this.#platform}${path}`, {
      redirect: 'manual',
      headers: { ...this.asks, ...(post && { 'content-type': post.type, origin: own }) },
      ...(post && { method: 'POST', body: post.body }),
    });
    const location = answer.headers.get('location');
    if (answer.status === 303 && location !== null) {
      await answer.body?.cancel();
      return this.#visit(location);
    }
    this.#path = path;
    this.status = answer.status;
    this.headers = answer.headers;
    // However the markup is broken into lines, it means the same.
    this.#html = (await answer.text()).replaceAll(/\s+/g, ' ');
    return this.kind;
  }
}
