import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { webhookHeaders } from './fake-gate.ts';
import { openStore, type Store } from '../store.ts';

export interface OpenShop extends App, AsyncDisposable {
  readonly store: Store;
  /** Moves the shop's clock. */
  readonly pass: (ms: number) => void;
  /** Sends a form as a browser with a script does. */
  readonly post: (path: string, form: Record<string, string>) => Promise<{ status: number; json: PostAnswer }>;
  readonly deliver: (body: string, headers?: Record<string, string>) => Promise<number>;
  readonly orders: () => Promise<OrderJson[]>;
}

export interface PostAnswer {
  readonly card?: { readonly id: string; readonly html: string };
  readonly faults?: Record<string, string>;
  readonly checkout?: { readonly way: string; readonly url: string; readonly config?: Record<string, unknown> };
}

export interface OrderJson {
  readonly payment_id: string;
  readonly started_here: boolean;
  readonly status: string;
  readonly problem?: string;
  readonly phone: string;
  readonly operator: string;
  readonly sum: { readonly amount: number };
  readonly clarification_info?: { readonly reason?: string; readonly attempts_left?: number };
  readonly refunds: readonly {
    readonly state: string;
    readonly amount?: number;
    readonly merchant_refund_id?: string;
  }[];
  readonly callbacks: readonly { readonly kind: string; readonly times: number }[];
}

/** A shop with its own folder and clock, before a platform at `gateUrl`, with no simulator unless the settings name one. */
export function openShop(gateUrl: string, settings: Readonly<Record<string, string>> = {}): OpenShop {
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-shop-'));
  const read = readConfig({
    DATA_DIR: dataDir,
    GATE_URL: gateUrl,
    SIMULATOR_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
    SHOP_PORT: '0',
    ...settings,
  });
  if (!read.ok) throw new Error(read.faults.join('\n'));
  let now = Date.parse('2026-01-02T03:04:05Z');
  const store = openStore(dataDir);
  const app = buildApp(read.config, store, { now: () => now, retryDelaysMs: [0] });
  return {
    ...app,
    store,
    pass: (ms) => {
      now += ms;
    },
    async post(path, form) {
      const reply = await app.http.inject({
        method: 'POST',
        url: path,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(form).toString(),
      });
      return { status: reply.statusCode, json: reply.json<PostAnswer>() };
    },
    deliver: async (body, headers) =>
      (
        await app.http.inject({
          method: 'POST',
          url: '/callbacks',
          headers: { 'content-type': 'application/json', ...(headers ?? webhookHeaders(body)) },
          payload: body,
        })
      ).statusCode,
    orders: async () => (await app.http.inject('/orders')).json<OrderJson[]>(),
    async [Symbol.asyncDispose]() {
      await app.http.close();
      store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** By the shop's own form. */
export const purchase = {
  payment_id: 'order-0000000a',
  phone: '8 (701) 123-45-67',
  amount: '1 200',
  goods: 'coffee',
  way: 'gate',
};
