import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from './exchange.ts';
import { codeBody, resendBody, saleBody, sandboxProject } from './sale-body.ts';

/** Prefixes and the operator whose breaker such sales meet; a number of the last may be ACTIV's too. */
const operators = [
  ['7705', 'BEELINE'],
  ['7707', 'TELE2'],
  ['7708', 'ALTEL'],
  ['7701', 'KCELL'],
] as const;
const amountMinor = 100_000;
const payersDelayMs = 5_000;
const askAgainMs = 500;

/** One purchase as its merchant saw it; times in epoch milliseconds. */
export type Bought = {
  readonly paymentId: string;
  readonly operator: string;
  readonly soldAt: number;
  answeredAt?: number;
  codeWantedAt?: number;
  endedAt?: number;
  end?: 'success' | 'decline';
  code?: string;
};

export type Load = {
  readonly callbackUrl: string;
  readonly bought: readonly Bought[];
  readonly faults: Map<string, number>;
  /** Makes so many sales a second until it is stopped. */
  start(gateUrl: string, simulatorUrl: string, perSecond: number): void;
  stopSelling(): void;
  close(): Promise<void>;
};

type Callback = {
  readonly payment: { readonly id: string; readonly status: string };
  readonly operation?: { readonly code?: string };
};

/** Merchants that sell at a steady rate whatever happens, and payers who take up to five seconds to type a code. */
export async function createLoad(): Promise<Load> {
  const secret = createSecretKey(Buffer.from(sandboxProject.secret));
  const bought: Bought[] = [];
  const byId = new Map<string, Bought>();
  const faults = new Map<string, number>();
  /** Payments whose payer looks at the phone now, and the code each typed last. */
  const busy = new Set<string>();
  const typed = new Map<string, string>();
  const closing = new AbortController();
  const selling = new AbortController();
  let clients: { readonly gate: Client; readonly simulator: Client } | undefined;

  const fault = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);

  function take({ payment, operation }: Callback): void {
    const one = byId.get(payment.id);
    if (!one) return fault('a callback of an unknown payment');
    const now = Date.now();
    if (payment.status === 'awaiting clarification') {
      one.codeWantedAt ??= now;
      void typeCode(one);
    } else if (payment.status === 'success' || payment.status === 'decline') {
      if (one.end !== undefined && one.end !== payment.status) fault(`${one.end} became ${payment.status}`);
      one.endedAt ??= now;
      one.end ??= payment.status;
      if (operation?.code !== undefined) one.code ??= operation.code;
    }
  }

  /** The phone may be out of reach with its operator: the payer goes on looking. A code that was refused is asked for anew. */
  async function typeCode(one: Bought): Promise<void> {
    if (!clients || busy.has(one.paymentId)) return;
    const { gate, simulator } = clients;
    busy.add(one.paymentId);
    await sleep(Math.random() * payersDelayMs);
    while (!closing.signal.aborted && one.end === undefined) {
      try {
        const { body } = await simulator.get(`/phones/${phoneOf(one)}/messages`);
        const code = (JSON.parse(body) as { code?: string }[])[0]?.code;
        if (code === undefined) throw new Error('no text yet');
        if (code === typed.get(one.paymentId)) {
          await gate.postJson('/v2/customer/action/resend', resendBody(one.paymentId, secret));
          throw new Error('the same text still');
        }
        const { status } = await gate.postJson('/v2/payment/clarification', codeBody(one.paymentId, code, secret));
        if (status === 200) typed.set(one.paymentId, code);
        break;
      } catch {
        await sleep(askAgainMs);
      }
    }
    busy.delete(one.paymentId);
  }

  async function sell(gate: Client, number: number): Promise<void> {
    const [, operator] = operators[number % operators.length] ?? operators[0];
    const one: Bought = { paymentId: `outage-${number}`, operator, soldAt: Date.now() };
    bought.push(one);
    byId.set(one.paymentId, one);
    const { status, body } = await gate.postJson(
      '/v2/payment/mobile/sale',
      saleBody(one.paymentId, phoneOf(one), amountMinor, secret),
    );
    one.answeredAt = Date.now();
    if (status !== 200) fault(`a sale was answered ${status} ${body.slice(0, 200)}`);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { 'content-length': 0 }).end();
      take(JSON.parse(Buffer.concat(chunks).toString()) as Callback);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    bought,
    faults,
    start(gateUrl, simulatorUrl, perSecond) {
      const gate = createClient(gateUrl, 256);
      clients = { gate, simulator: createClient(simulatorUrl, 256) };
      const startedAt = performance.now();
      const timer = setInterval(() => {
        if (selling.signal.aborted) return clearInterval(timer);
        const due = ((performance.now() - startedAt) * perSecond) / 1_000;
        while (bought.length < due) {
          void sell(gate, bought.length).catch((error: unknown) => fault(`a sale was not answered: ${String(error)}`));
        }
      }, 10);
    },
    stopSelling: () => selling.abort(),
    async close() {
      selling.abort();
      closing.abort();
      server.closeAllConnections();
      server.close();
      await Promise.all([clients?.gate.close(), clients?.simulator.close()]);
    },
  };
}

function phoneOf({ paymentId }: Bought): string {
  const number = Number(paymentId.split('-')[1]);
  const [prefix] = operators[number % operators.length] ?? operators[0];
  return `${prefix}${String(number).padStart(7, '0')}`;
}
