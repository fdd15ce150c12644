import { queryOf } from '@rocketpay/contract/fixtures/page-links.ts';
import type { ErrorPageModel, PageModel, Screen } from '@rocketpay/payment-page/model.ts';
import { createPageEdits, mountPages, type PageEdit, type PageLimits } from '../page-sessions/page-sessions.ts';
import { createNetworks } from '../networks.ts';
import { testBox } from './admin.ts';
import { sandbox } from './gate-bodies.ts';
import type { Reply, TestPlatform } from './test-platform.ts';
import { testRenderer } from './test-renderer.ts';

export type Parameters = Readonly<Record<string, string>>;

const noLimits: PageLimits = { windowMs: 600_000, perNumber: 0, perAddress: 0, perProject: 0 };

/** A purchase of 1,000 tenge, as a link asks for it. */
export const linkOf = (paymentId: string, change: Parameters = {}): Parameters => ({
  project_id: String(sandbox.projectId),
  payment_id: paymentId,
  payment_amount: '100000',
  payment_currency: 'KZT',
  customer_id: 'customer-1',
  customer_first_name: 'Aigerim',
  customer_last_name: 'Saparova',
  customer_email: 'aigerim@example.com',
  force_payment_method: 'mobile',
  ...change,
});

export interface TestPages {
  readonly platform: TestPlatform;
  /** Sets the sandbox project's page. */
  set(edit: PageEdit): Promise<void>;
  get(url: string, headers?: Record<string, string>): Promise<Reply>;
}

export interface PageWish {
  readonly limits?: Partial<PageLimits>;
  readonly sandbox?: boolean;
}

/** The Payment Page over a test platform, drawn as the JSON of its models. */
export async function openPages(
  platform: TestPlatform,
  { limits, sandbox: isSandbox = true }: PageWish = {},
): Promise<TestPages> {
  const { pool, clock, payments, projects, operators, provider, app } = platform;
  await pool.query(
    'DELETE FROM page_sessions; DELETE FROM page_consents; DELETE FROM page_starts; DELETE FROM page_settings',
  );
  const door = {
    projects,
    secretUses: { note: () => undefined },
    trustedProxies: createNetworks(['127.0.0.1/32']),
  };
  await mountPages(app, {
    pool,
    box: testBox,
    key: Buffer.alloc(32, 9),
    limits: { ...noLimits, ...limits },
    payments,
    door,
    operators,
    providerId: provider.id,
    codeLifeMs: 80_000,
    sandbox: isSandbox,
    clock,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (...line: unknown[]) => void platform.errors.push(line),
    },
    renderer: testRenderer,
  });
  return {
    platform,
    set: async (edit) => {
      await createPageEdits(pool, testBox).set(sandbox.projectId, edit, 'test');
      clock.advance(1_001);
    },
    async get(url, headers = {}) {
      const { statusCode, payload, headers: sent } = await app.inject({ method: 'GET', url, headers });
      return { status: statusCode, text: payload, headers: sent };
    },
  };
}

/** A payer before a browser: follows where the page leads, and posts what its forms hold. */
export class Payer {
  readonly #pages: TestPages;
  readonly #headers: Record<string, string>;
  /** The last answer. */
  reply: Reply = { status: 0, text: '', headers: {} };
  model: PageModel | null = null;
  error: ErrorPageModel | null = null;

  constructor(pages: TestPages, headers: Record<string, string> = {}) {
    this.#pages = pages;
    this.#headers = headers;
  }

  get screen(): Screen {
    return this.seen.screen;
  }

  get seen(): PageModel {
    if (!this.model) throw new Error(`no page is shown: ${this.reply.status} ${this.reply.text}`);
    return this.model;
  }

  /** `kind`, and for what it waits, why it declined, or what the code's screen says. */
  get sees(): string {
    if (!this.model) return `error ${this.reply.status}`;
    const { screen } = this.model;
    if (screen.kind === 'waiting') return `waiting ${screen.for}`;
    if (screen.kind === 'decline') {
      const { reason, tryAgain } = screen;
      return `decline ${reason}${tryAgain ? (tryAgain.ready ? ' again' : ' soon') : ''}`;
    }
    if (screen.kind === 'code') return `code${screen.notice ? ` ${screen.notice}` : ''}`;
    return screen.kind === 'number' && screen.faults.length > 0 ? `number ${screen.faults.join()}` : screen.kind;
  }

  open(parameters: Parameters, frame = ''): Promise<string> {
    return this.get(`/payment?${queryOf(parameters, sandbox.secret)}${frame && `&frame_mode=${frame}`}`);
  }

  async get(url: string): Promise<string> {
    return this.#take(await this.#pages.get(url, this.#headers));
  }

  /** The page again, as after a reload. */
  reload(): Promise<string> {
    return this.get(this.seen.basePath);
  }

  /** Posts a form of the page that is seen, or of an older one. */
  async post(step: string, fields: Parameters = {}, from: PageModel = this.seen): Promise<string> {
    const body = new URLSearchParams({ version: from.version, consent: '1', ...fields }).toString();
    const reply = await this.#pages.platform.post(`${from.basePath}/${step}`, body, this.#headers);
    if (reply.status !== 303) return this.#take(reply);
    return this.get(String(reply.headers['location']));
  }

  /** Gives the number and waits for the operator's answer. */
  async giveNumber(number = '+7 707 123 45 67', fields: Parameters = {}): Promise<string> {
    await this.post('number', { number, ...fields });
    await this.#pages.platform.idle();
    return this.model?.screen.kind === 'waiting' ? this.reload() : this.sees;
  }

  async giveCode(code = '246810'): Promise<string> {
    await this.post('code', { code });
    await this.#pages.platform.idle();
    return this.reload();
  }

  #take(reply: Reply): string {
    this.reply = reply;
    const shown = reply.text.startsWith('{')
      ? (JSON.parse(reply.text) as { model?: PageModel; error?: ErrorPageModel })
      : {};
    this.model = shown.model ?? null;
    this.error = shown.error ?? null;
    return this.sees;
  }
}
