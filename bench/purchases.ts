import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuMsOfMachine, cpuMsOfTree, parentOf } from './cpu.ts';
import { assertDurable, countSucceeded, readCounters, sessionPid } from './database.ts';
import { ledgerFaults } from './ledger.ts';
import { measureCommits, measureHttp } from './limits.ts';
import type { Finished, Listening, Measured, Progress } from './merchant-messages.ts';
import { type CpuProfile, type ProfileSummary, summarizeProfile, type Window } from './profile.ts';
import { circumstances, type CpuByProcess, type PurchasesReport, totalOf } from './report.ts';
import { type Ground, prepareGround, type Sandbox, start, startSandbox } from './sandbox.ts';

const amountMinor = 100_000;
const commitsForMs = 1_000;
const httpForMs = 2_000;
const functionsShown = 25;

export type PurchasesOptions = {
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly concurrency: number;
  readonly profile: boolean;
};

/** Full purchases, one after the other by so many customers at once, on real processes. */
export async function benchPurchases(
  options: PurchasesOptions,
  run: AbortController,
  print: (line: string) => void,
): Promise<PurchasesReport> {
  await using ending = new AsyncDisposableStack();
  print('starting PostgreSQL');
  const ground = await prepareGround(run, print, ending);
  await assertDurable(ground.databaseUrl, ground.dataDir);
  const limits = await measureLimits(ground, options.concurrency);

  print('starting the merchant, the simulator and the platform');
  const merchant = start(ground, {
    name: 'merchant',
    script: fileURLToPath(new URL('./merchant.ts', import.meta.url)),
    environment: ground.environment,
  });
  const { callbackUrl } = await merchant.receive<Listening>('listening');
  const profileFolder = options.profile ? mkdtempSync(join(tmpdir(), 'rocketpay-profile-')) : undefined;
  const platformArguments = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const sandbox = await startSandbox(ground, { callbackUrl, platformArguments });

  const startedAt = performance.now();
  const { gateUrl, simulatorUrl } = sandbox;
  const runName = `bench-${Date.now().toString(36)}`;
  merchant.onMessage(progressPrinter(startedAt, print));
  merchant.send({ kind: 'start', gateUrl, simulatorUrl, concurrency: options.concurrency, runName, amountMinor });
  await sleep(options.warmupSeconds * 1000, undefined, { signal: run.signal });

  const readCpu = await cpuReader(ground, { ...sandbox, merchantPid: merchant.pid });
  const before = {
    cpu: readCpu(),
    machineMs: cpuMsOfMachine(),
    counters: await readCounters(ground.databaseUrl),
    us: monotonicUs(),
  };
  merchant.send({ kind: 'begin-window' });
  await sleep(options.seconds * 1000, undefined, { signal: run.signal });
  merchant.send({ kind: 'end-window' });
  const measured = await merchant.receive<Measured>('measured');
  const after = {
    cpu: readCpu(),
    machineMs: cpuMsOfMachine(),
    counters: await readCounters(ground.databaseUrl),
    us: monotonicUs(),
  };

  print('measured; waiting for the purchases under way, then comparing the ledgers');
  merchant.send({ kind: 'finish' });
  const finished = await merchant.receive<Finished>('finished');
  const ledger = await (await fetch(`${simulatorUrl}/ledger`, { signal: run.signal })).text();
  const storedSucceeded = await countSucceeded(ground.databaseUrl);
  await assertDurable(ground.databaseUrl, ground.dataDir);
  const profile =
    profileFolder === undefined
      ? null
      : await readProfile(sandbox, profileFolder, { fromUs: before.us, toUs: after.us });

  const ofLedger = ledgerFaults(ledger, { runName, succeeded: finished.succeeded, amountMinor });
  const faults = faultsOf(finished, storedSucceeded, ofLedger);
  if (measured.purchases === 0)
    throw new Error(`No purchase succeeded in the measured time.\n  ${faults.join('\n  ')}`);

  const cpu = cpuBetween(before.cpu, after.cpu, measured.purchases);
  const perSecond = (measured.purchases * 1000) / measured.elapsedMs;
  const perPurchase = (amount: number) => amount / measured.purchases;
  return {
    bench: 'purchases',
    circumstances: circumstances(),
    concurrency: options.concurrency,
    warmupSeconds: options.warmupSeconds,
    seconds: measured.elapsedMs / 1000,
    purchases: measured.purchases,
    purchasesPerSecond: perSecond,
    stages: measured.spreads,
    cpuMsPerPurchase: cpu,
    machine: machineUse(cpu, measured, after.machineMs - before.machineMs),
    walBytesPerPurchase: perPurchase(after.counters.walBytes - before.counters.walBytes),
    transactionsPerPurchase: perPurchase(after.counters.transactions - before.counters.transactions),
    limits,
    ratios: {
      toCommits1: perSecond / limits.commitsPerSecond1,
      toCommits16: perSecond / limits.commitsPerSecond16,
      toHttpPairs: perSecond / limits.httpPairsPerSecond,
    },
    checked: {
      purchasesSucceeded: finished.succeeded,
      operatorCharges: ledger.split('\n').filter((line) => line !== '').length,
      storedSucceeded,
      callbacks: finished.callbacks,
      signaturesVerified: finished.signaturesVerified,
    },
    faults,
    profile,
  };
}

async function measureLimits(ground: Ground, concurrency: number): Promise<PurchasesReport['limits']> {
  ground.print("measuring this machine's limits: durable commits, bare HTTP");
  const commitsPerSecond1 = await measureCommits(ground.databaseUrl, 1, commitsForMs);
  const commitsPerSecond16 = await measureCommits(ground.databaseUrl, 16, commitsForMs);
  const httpPairsPerSecond = await measureHttp(concurrency, httpForMs, ground);
  return { commitsPerSecond1, commitsPerSecond16, httpPairsPerSecond };
}

function progressPrinter(startedAt: number, print: (line: string) => void): (message: { kind: string }) => void {
  let last = 0;
  return (message) => {
    if (message.kind !== 'progress') return;
    const { succeeded, faults } = message as Progress;
    const wrong = faults > 0 ? `, ${faults} FAULTS` : '';
    print(
      `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${succeeded - last} purchases/s${wrong}`,
    );
    last = succeeded;
  };
}

/** A session's parent is the server, whose tree holds all its processes. */
async function cpuReader(
  { databaseUrl }: Ground,
  { platform, simulator, merchantPid }: Sandbox & { merchantPid: number },
): Promise<() => CpuByProcess | null> {
  const session = await sessionPid(databaseUrl);
  const postmaster = parentOf(session.pid);
  await session.close();
  return () => {
    const postgres = postmaster === undefined ? undefined : cpuMsOfTree(postmaster);
    const [platformMs, simulatorMs, merchant] = [platform.pid, simulator.pid, merchantPid].map(cpuMsOfTree);
    if (postgres === undefined || platformMs === undefined || simulatorMs === undefined || merchant === undefined)
      return null;
    return { platform: platformMs, simulator: simulatorMs, merchant, postgres };
  };
}

function cpuBetween(before: CpuByProcess | null, after: CpuByProcess | null, purchases: number): CpuByProcess | null {
  if (!before || !after) return null;
  const each = (name: keyof CpuByProcess) => (after[name] - before[name]) / purchases;
  return {
    platform: each('platform'),
    simulator: each('simulator'),
    merchant: each('merchant'),
    postgres: each('postgres'),
  };
}

/** Of all cores' time in the window. What others used was not there for the purchases. */
function machineUse(cpu: CpuByProcess | null, measured: Measured, machineMs: number): PurchasesReport['machine'] {
  if (!cpu) return null;
  const msPerPurchase = totalOf(cpu);
  const availableMs = availableParallelism() * measured.elapsedMs;
  const ownShare = (msPerPurchase * measured.purchases) / availableMs;
  const othersShare = Math.max(0, machineMs / availableMs - ownShare);
  return { ownShare, othersShare, purchasesPerSecondAtFullUse: (availableParallelism() * 1000) / msPerPurchase };
}

function faultsOf(finished: Finished, storedSucceeded: number, ofLedger: readonly string[]): string[] {
  const { started, succeeded, signaturesVerified, callbacks } = finished;
  const faults = Object.entries(finished.faults).map(([fault, count]) => `${count} x ${fault}`);
  faults.push(...ofLedger);
  if (succeeded !== started) faults.push(`${started} purchases were started, ${succeeded} succeeded`);
  if (storedSucceeded !== succeeded)
    faults.push(`PostgreSQL has ${storedSucceeded} succeeded purchases, the merchant ${succeeded}`);
  if (callbacks < 2 * succeeded) faults.push(`${callbacks} callbacks for ${succeeded} purchases`);
  if (callbacks >= 50 && signaturesVerified === 0) faults.push('no signature was verified');
  return faults;
}

/** Node writes the profile when the platform ends. */
async function readProfile(
  { platform }: Sandbox,
  folder: string,
  window: Window,
): Promise<ProfileSummary & { file: string }> {
  await platform.stop();
  const name = readdirSync(folder).find((each) => each.endsWith('.cpuprofile'));
  if (name === undefined) throw new Error(`The platform left no profile in ${folder}.`);
  const file = join(folder, name);
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  return { ...summarizeProfile(profile, { window, top: functionsShown }), file };
}

/** V8 stamps its profiles with this clock. */
const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n);
