import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallbackDesk } from './callback-desk.ts';
import { type Client, createClient } from './exchange.ts';
import {
  type Command,
  type Finished,
  type Listening,
  type Measured,
  type Progress,
  type Stage,
  type Start,
  stageNames,
} from './merchant-messages.ts';
import { spreadOf } from './percentiles.ts';
import { codeBody, phoneOf, saleBody, sandboxProject } from './sale-body.ts';

const progressEveryMs = 1_000;
const pauseAfterFaultMs = 1_000;
const faultTextLimit = 1_200;
/** A platform that fails at everything would fill the memory with faults. */
const differentFaultsLimit = 20;

type Durations = Record<Stage, number[]>;

const secret = createSecretKey(Buffer.from(sandboxProject.secret));
const faults = new Map<string, number>();
let amountMinor = 0;
let started = 0;
let succeeded = 0;
const finishing = new AbortController();
let measuring: { readonly since: number; readonly durations: Durations } | undefined;
let customers: Promise<void[]> = Promise.resolve([]);

const noDurations = (): Durations => ({ saleAnswer: [], codeWanted: [], codeAnswer: [], success: [], purchase: [] });
const tell = (message: Listening | Progress | Measured | Finished): void => void process.send?.(message);

function onFault(fault: string): void {
  const known = faults.has(fault) || faults.size < differentFaultsLimit;
  const name = known ? fault.slice(0, faultTextLimit) : 'others';
  faults.set(name, (faults.get(name) ?? 0) + 1);
}

const desk = createCallbackDesk({ secret, amountMinor: () => amountMinor, onFault });

async function post(gate: Client, path: string, body: string): Promise<void> {
  const answer = await gate.postJson(path, body);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
}

async function readCode(simulator: Client, phone: string): Promise<string> {
  const { status, body } = await simulator.get(`/phones/${phone}/messages`);
  const code = status === 200 ? (JSON.parse(body) as { code?: string }[])[0]?.code : undefined;
  if (code === undefined) throw new Error(`no code on a phone; the simulator answered ${status}: ${body}`);
  return code;
}

async function purchase(gate: Client, simulator: Client, runName: string): Promise<void> {
  const purchaseNo = started++;
  const paymentId = `${runName}-${purchaseNo}`;
  const phone = phoneOf(purchaseNo);

  const sale = saleBody(paymentId, phone, amountMinor, secret);
  const codeWanted = desk.expect(paymentId, 'awaiting clarification');
  const saleAt = performance.now();
  await post(gate, '/v2/payment/mobile/sale', sale);
  const saleAnswerAt = performance.now();
  const codeWantedAt = await codeWanted;

  const clarification = codeBody(paymentId, await readCode(simulator, phone), secret);
  const success = desk.expect(paymentId, 'success');
  const codeAt = performance.now();
  await post(gate, '/v2/payment/clarification', clarification);
  const codeAnswerAt = performance.now();
  const successAt = await success;

  succeeded += 1;
  if (!measuring) return;
  const { durations } = measuring;
  durations.saleAnswer.push(saleAnswerAt - saleAt);
  durations.codeWanted.push(codeWantedAt - saleAt);
  durations.codeAnswer.push(codeAnswerAt - codeAt);
  durations.success.push(successAt - codeAt);
  durations.purchase.push(successAt - saleAt);
}

/** One purchase after the other; each with a phone of its own. */
async function customer(gate: Client, simulator: Client, runName: string): Promise<void> {
  while (!finishing.signal.aborted) {
    try {
      await purchase(gate, simulator, runName);
    } catch (error) {
      onFault(error instanceof Error ? error.message : String(error));
      await sleep(pauseAfterFaultMs);
    }
  }
}

function start({ gateUrl, simulatorUrl, concurrency, runName, ...options }: Start): void {
  amountMinor = options.amountMinor;
  const gate = createClient(gateUrl, concurrency);
  const simulator = createClient(simulatorUrl, concurrency);
  customers = Promise.all(Array.from({ length: concurrency }, () => customer(gate, simulator, runName)));
  setInterval(() => {
    const sum = [...faults.values()].reduce((total, count) => total + count, 0);
    tell({ kind: 'progress', succeeded, faults: sum });
  }, progressEveryMs);
}

function endWindow(): void {
  const { since, durations } = measuring ?? { since: 0, durations: noDurations() };
  measuring = undefined;
  const elapsedMs = performance.now() - since;
  const spreads = Object.fromEntries(stageNames.map((stage) => [stage, spreadOf(durations[stage])]));
  tell({ kind: 'measured', elapsedMs, purchases: durations.purchase.length, spreads: spreads as Measured['spreads'] });
}

async function finish(): Promise<void> {
  finishing.abort();
  await customers;
  tell({ kind: 'finished', started, succeeded, ...desk.counts(), faults: Object.fromEntries(faults) });
}

process.on('message', (command: Command) => {
  if (command.kind === 'start') start(command);
  else if (command.kind === 'begin-window') measuring = { since: performance.now(), durations: noDurations() };
  else if (command.kind === 'end-window') endWindow();
  else void finish();
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the starter decides.
process.on('SIGINT', () => {});

desk.server.listen(0, '127.0.0.1');
await once(desk.server, 'listening');
const { port } = desk.server.address() as AddressInfo;
tell({ kind: 'listening', callbackUrl: `http://127.0.0.1:${port}/callbacks` });
