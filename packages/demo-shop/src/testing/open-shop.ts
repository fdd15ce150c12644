import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, type App } from '../app.ts';
import { readConfig } from '../config.ts';
import { openStore, type Store } from '../store.ts';

export interface OpenShop extends App, AsyncDisposable {
  readonly store: Store;
  /** Moves the shop's clock. */
  readonly pass: (ms: number) => void;
  /** Sends a form as a browser with a script does. */
  readonly post: (path: string, form: Record<string, string>) => Promise<{ status: number; json: PostAnswer }>;
  readonly deliver: (body: string) => Promise<number>;
  readonly orders: () => Promise<OrderJson[]>;
}

export interface PostAnswer {
  readonly card?: { readonly id: string; readonly html: string };
  readonly faults?: Record<string, string>;
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

/** A shop with its own folder and clock, before a platform at `gateUrl`. */
export function openShop(gateUrl: string): OpenShop {
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-shop-'));
  const read = readConfig({ DATA_DIR: dataDir, GATE_URL: gateUrl, LOG_LEVEL: 'error', SHOP_PORT: '0' });
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
    deliver: async (body) =>
      (
        await app.http.inject({
          method: 'POST',
          url: '/callbacks',
          headers: { 'content-type': 'application/json' },
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

export const purchase = { payment_id: 'order-0000000a', phone: '8 (701) 123-45-67', amount: '1 200', goods: 'coffee' };
