import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LoadFinished, LoadMeasured, LoadReady } from './callback-load-messages.ts';
import { type CallbacksReport, type CallbacksRun, type RoundRatios } from './callbacks-report.ts';
import { cpuMsOfMachine, cpuMsOfTree } from './cpu.ts';
import { assertDurable } from './database.ts';
import { availableParallelism } from 'node:os';
import { circumstances } from './report.ts';
import { prepareGround, start, startSandbox } from './sandbox.ts';

export type CallbacksOptions = {
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly paymentsPerSecond: number;
  readonly rounds: number;
};

/** The same traffic to 40 endpoints, all healthy and then half of them dead: what the healthy half of both hears. */
export async function benchCallbacks(
  options: CallbacksOptions,
  run: AbortController,
  print: (line: string) => void,
): Promise<CallbacksReport> {
  const rounds: RoundRatios[] = [];
  const runs: CallbacksRun[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    // The order alternates: a machine that grows busier or calmer favours neither.
    const order = round % 2 === 1 ? [false, true] : [true, false];
    const ofRound: CallbacksRun[] = [];
    for (const dead of order) {
      print(`round ${round}: ${dead ? '20 dead endpoints among 40' : '40 healthy endpoints'}`);
      ofRound.push(await runOnce(dead, options, run, print));
    }
    const [withoutDead, withDead] = ofRound.toSorted((one, other) => Number(one.dead) - Number(other.dead));
    if (!withoutDead || !withDead) throw new Error('a run is missing');
    rounds.push({
      throughput: withDead.callbacksPerSecond / withoutDead.callbacksPerSecond,
      p50: withDead.after.p50Ms / withoutDead.after.p50Ms,
      p99: withDead.after.p99Ms / withoutDead.after.p99Ms,
    });
    runs.push(withoutDead, withDead);
  }
  return {
    bench: 'callbacks',
    circumstances: circumstances(),
    ...options,
    runs,
    rounds,
    faults: runs.flatMap(({ faults }) => faults),
  };
}

async function runOnce(
  dead: boolean,
  { seconds, warmupSeconds, paymentsPerSecond }: CallbacksOptions,
  run: AbortController,
  print: (line: string) => void,
): Promise<CallbacksRun> {
  await using ending = new AsyncDisposableStack();
  const ground = await prepareGround(run, print, ending);
  await assertDurable(ground.databaseUrl, ground.dataDir);
  const load = start(ground, {
    name: 'load',
    script: fileURLToPath(new URL('./callback-load.ts', import.meta.url)),
    environment: ground.environment,
  });
  await load.receive<LoadReady>('ready');
  const { gateUrl, platform } = await startSandbox(ground, { callbackUrl: '', platformArguments: [] });
  const runName = `bench-${Date.now().toString(36)}`;
  load.send({ kind: 'start', gateUrl, runName, paymentsPerSecond, dead });
  await sleep(warmupSeconds * 1000, undefined, { signal: run.signal });

  const before = { machineMs: cpuMsOfMachine(), platformMs: cpuMsOfTree(platform.pid) ?? 0 };
  load.send({ kind: 'begin-window' });
  await sleep(seconds * 1000, undefined, { signal: run.signal });
  load.send({ kind: 'end-window' });
  const measured = await load.receive<LoadMeasured>('measured');
  const availableMs = availableParallelism() * measured.elapsedMs;
  const machineShare = (cpuMsOfMachine() - before.machineMs) / availableMs;
  const platformShare = ((cpuMsOfTree(platform.pid) ?? 0) - before.platformMs) / availableMs;

  load.send({ kind: 'finish' });
  const finished = await load.receive<LoadFinished>('finished');
  await assertDurable(ground.databaseUrl, ground.dataDir);
  return {
    dead,
    callbacksPerSecond: (measured.callbacks * 1000) / measured.elapsedMs,
    after: measured.after,
    machineShare,
    platformShare,
    payments: finished.payments,
    repeats: finished.repeats,
    verified: finished.verified,
    faults: Object.entries(finished.faults).map(
      ([fault, count]) => `${dead ? 'with' : 'without'} dead endpoints: ${count} x ${fault}`,
    ),
  };
}
