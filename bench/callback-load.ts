import { createSecretKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { sandboxProject as platformProject } from '../packages/server/src/projects/projects.ts';
import { verifyMessage } from '../packages/contract/src/signature.ts';
import type { LoadCommand, LoadFinished, LoadMeasured, LoadReady, StartLoad } from './callback-load-messages.ts';
import { deadKinds, openEndpoint, type Endpoint } from './endpoints.ts';
import { type Client, createClient } from './exchange.ts';
import { spreadOf } from './percentiles.ts';
import { saleBody, sandboxProject } from './sale-body.ts';

const endpointCount = 40;
const amountMinor = 100_000;
const tickMs = 5;
const pollMs = 20;
/** Of no operator in Kazakhstan. */
const foreignNumber = '12345';
const stepLimitMs = 20_000;
const verifyEvery = 50;
const mostUnderWay = 4_000;

type Callback = { payment: { id: string; status: string }; signature: string };

const secret = createSecretKey(Buffer.from(sandboxProject.secret));
const webhook = new Webhook(platformProject.callbackSecret);
const tell = (message: LoadReady | LoadMeasured | LoadFinished): void => void process.send?.(message);

const faults = new Map<string, number>();
/** When the payments were begun of which a healthy endpoint has not heard. */
const awaited = new Map<string, number>();
const results = new Set<string>();
let window: { since: number; durations: number[] } | undefined;
let heard = 0;
let repeats = 0;
let verified = 0;
let started = 0;
let underWay = 0;
let finishing = false;

function onFault(fault: string): void {
  faults.set(fault, (faults.get(fault) ?? 0) + 1);
}

/** A callback to an endpoint that is healthy; those of the watched half count. */
function take(watched: boolean, text: string, headers: Record<string, string>): void {
  const atMs = performance.now();
  const callback = JSON.parse(text) as Callback;
  const { id, status } = callback.payment;
  heard += 1;
  if (heard % verifyEvery === 0) {
    webhook.verify(text, headers);
    if (!verifyMessage(callback, callback.signature, secret)) onFault('a callback with a wrong signature');
    verified += 1;
  }
  if (status !== 'decline') onFault(`a payment ended with "${status}"`);
  if (results.has(id)) repeats += 1;
  results.add(id);
  const since = awaited.get(id);
  awaited.delete(id);
  if (window && watched && since !== undefined) window.durations.push(atMs - since);
}

/** Even ones are watched; of the odd ones each is dead in its way, if they are. */
function openEndpoints(dead: boolean): Promise<Endpoint[]> {
  return Promise.all(
    Array.from({ length: endpointCount }, (_, index) => {
      const watched = index % 2 === 0;
      const kind = watched || !dead ? 'healthy' : (deadKinds[((index - 1) / 2) % deadKinds.length] ?? 'silent');
      return openEndpoint(kind, (text, headers) => {
        try {
          take(watched, text, headers as Record<string, string>);
        } catch (error) {
          onFault(error instanceof Error ? error.message : String(error));
        }
      });
    }),
  );
}

/** One payment that ends at once, without the operator: what follows is its callback alone. */
async function pay(gate: Client, runName: string, endpoints: readonly Endpoint[]): Promise<void> {
  const paymentNo = started++;
  const paymentId = `${runName}-${paymentNo}`;
  const index = paymentNo % endpoints.length;
  const endpoint = endpoints[index];
  if (!endpoint) throw new Error('no endpoint');
  const body = saleBody(paymentId, foreignNumber, amountMinor, secret, endpoint.url);
  // Before it is answered: the callback may come first.
  if (endpoint.kind === 'healthy') awaited.set(paymentId, performance.now());
  const sale = await gate.postJson('/v2/payment/mobile/sale', body);
  if (sale.status !== 200) throw new Error(`a sale was answered ${sale.status}: ${sale.body}`);
}

async function start({ gateUrl, runName, paymentsPerSecond, dead }: StartLoad): Promise<void> {
  const endpoints = await openEndpoints(dead);
  const gate = createClient(gateUrl, 128);
  const since = performance.now();
  const timer = setInterval(() => {
    if (finishing) return clearInterval(timer);
    const wanted = Math.floor(((performance.now() - since) * paymentsPerSecond) / 1000);
    while (started < wanted && underWay < mostUnderWay) {
      underWay += 1;
      void pay(gate, runName, endpoints)
        .catch((error: unknown) => onFault(error instanceof Error ? error.message : String(error)))
        .finally(() => (underWay -= 1));
    }
  }, tickMs);
}

function endWindow(): void {
  const { since, durations } = window ?? { since: 0, durations: [] };
  window = undefined;
  tell({
    kind: 'measured',
    elapsedMs: performance.now() - since,
    callbacks: durations.length,
    after: spreadOf(durations),
  });
}

/** Every payment of a healthy endpoint must be heard of. */
async function finish(): Promise<void> {
  finishing = true;
  const limit = performance.now() + stepLimitMs;
  const isOver = () => (underWay === 0 && awaited.size === 0) || performance.now() > limit;
  while (!isOver()) await sleep(pollMs);
  if (underWay > 0) onFault(`${underWay} sales were not answered`);
  if (awaited.size > 0) onFault(`${awaited.size} callbacks never came to a healthy endpoint`);
  tell({ kind: 'finished', payments: started, repeats, verified, faults: Object.fromEntries(faults) });
}

process.on('message', (command: LoadCommand) => {
  if (command.kind === 'start') void start(command);
  else if (command.kind === 'begin-window') window = { since: performance.now(), durations: [] };
  else if (command.kind === 'end-window') endWindow();
  else void finish();
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the starter decides.
process.on('SIGINT', () => {});
tell({ kind: 'ready' });
