import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createLoad, type Bought, type Load } from './outage-load.ts';
import { spreadOf, type Spread } from './percentiles.ts';
import { circumstances, type Circumstances } from './report.ts';
import { prepareGround, startSandbox } from './sandbox.ts';

export type OutageOptions = {
  readonly seconds: number;
  readonly perSecond: number;
  /** Killed: nobody listens any more. Frozen: connections are taken and nothing is ever answered. */
  readonly how: 'killed' | 'frozen';
};

type Opened = { readonly operator: string; readonly openedAt: number; readonly closedAt: number | null };

export type OutageReport = {
  readonly bench: 'outage';
  readonly circumstances: Circumstances;
  readonly how: string;
  readonly seconds: number;
  readonly perSecond: number;
  readonly sales: number;
  readonly succeeded: number;
  readonly declined: Readonly<Record<string, number>>;
  /** From the outage's begin to each operator's breaker opening, and from its end to the breaker's closing, in seconds. */
  readonly openedAfterS: Readonly<Record<string, number>>;
  readonly closedAfterS: Readonly<Record<string, number>>;
  /** Sale sent to decline callback received, of sales made while their operator's breaker was open. */
  readonly declinedWhileOpen: Spread & { readonly count: number };
  /** Sales made in the outage before the breaker opened. */
  readonly beforeOpening: Spread & { readonly count: number };
  /** Payments under way when it began: how they ended, and when the last did, in seconds after the operator was back. */
  readonly underWay: { readonly count: number; readonly succeeded: number; readonly lastEndedAfterS: number };
  readonly firstSuccessAfterS: number;
  readonly lost: number;
  readonly doublyCharged: number;
  readonly wronglyCharged: number;
  readonly story: readonly string[];
  readonly faults: readonly string[];
};

const warmUpMs = 10_000;
const afterMs = 60_000;
const drainMs = 150_000;

/** The operator is gone for a while under a steady load, and comes back. */
export async function benchOutage(
  options: OutageOptions,
  run: AbortController,
  print: (line: string) => void,
): Promise<OutageReport> {
  await using ending = new AsyncDisposableStack();
  const ground = await prepareGround(run, print, ending);
  const load = await createLoad();
  ending.defer(() => load.close());
  const sandbox = await startSandbox(ground, { callbackUrl: load.callbackUrl, platformArguments: [] });
  const wait = (ms: number) => sleep(ms, undefined, { signal: run.signal });

  load.start(sandbox.gateUrl, sandbox.simulatorUrl, options.perSecond);
  await wait(warmUpMs);
  print(`the operator is ${options.how} for ${options.seconds} s`);
  const beganAt = Date.now();
  if (options.how === 'frozen') process.kill(sandbox.simulator.pid, 'SIGSTOP');
  else await sandbox.simulator.kill();
  await wait(options.seconds * 1_000);
  if (options.how === 'frozen') process.kill(sandbox.simulator.pid, 'SIGCONT');
  else await sandbox.restartSimulator();
  const backAt = Date.now();
  print('the operator is back');
  await wait(afterMs);
  load.stopSelling();
  const drained = Date.now() + drainMs;
  while (openOnes(load).length > 0 && Date.now() < drained) await wait(500);
  print(`${openOnes(load).length} payments are still open`);

  const ledger = await (await fetch(`${sandbox.simulatorUrl}/ledger`, { signal: run.signal })).text();
  const { opened, story } = await readStory(ground.databaseUrl);
  return reportOf({ options, load, ledger, opened, story, beganAt, backAt });
}

const openOnes = (load: Load): Bought[] => load.bought.filter((one) => one.end === undefined);

async function readStory(databaseUrl: string): Promise<{ opened: Opened[]; story: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ operator: string; at: Date; from: string; to: string; counts: string }>(
    `SELECT operator_id AS operator, at, from_state AS "from", to_state AS "to",
            why || ' (' || failures || ' of ' || calls || ')' AS counts
     FROM operator_story WHERE subject = 'breaker' ORDER BY story_no`,
  );
  await client.end();
  const opened: { operator: string; openedAt: number; closedAt: number | null }[] = [];
  for (const { operator, at, from, to } of rows) {
    if (from === 'closed') opened.push({ operator, openedAt: at.getTime(), closedAt: null });
    const last = opened.findLast((each) => each.operator === operator);
    if (last && to === 'closed') last.closedAt = at.getTime();
  }
  const story = rows.map(({ operator, at, from, to, counts }) => {
    return `${at.toISOString()} ${operator} ${from} -> ${to}: ${counts}`;
  });
  return { opened, story };
}

type Facts = {
  readonly options: OutageOptions;
  readonly load: Load;
  readonly ledger: string;
  readonly opened: readonly Opened[];
  readonly story: readonly string[];
  readonly beganAt: number;
  readonly backAt: number;
};

function reportOf({ options, load, ledger, opened, story, beganAt, backAt }: Facts): OutageReport {
  const { bought } = load;
  const accepted = bought.filter((one) => one.answeredAt !== undefined);
  const firstOf = (operator: string) => opened.find((each) => each.operator === operator);
  const isOpen = ({ operator, soldAt }: Bought): boolean => {
    const openedAt = firstOf(operator)?.openedAt ?? Infinity;
    return openedAt < soldAt && soldAt < backAt;
  };
  const during = accepted.filter(({ soldAt }) => beganAt < soldAt && soldAt < backAt);
  const underWay = accepted.filter(({ soldAt, endedAt = Infinity }) => soldAt < beganAt && endedAt > beganAt);
  const moved = new Map<string, { charges: number; sum: number }>();
  for (const line of ledger.split('\n').filter((text) => text !== '')) {
    const { kind, reference, amount } = JSON.parse(line) as { kind: string; reference: string; amount: number };
    const before = moved.get(reference) ?? { charges: 0, sum: 0 };
    const charge = kind === 'charge';
    moved.set(reference, { charges: before.charges + (charge ? 1 : 0), sum: before.sum + (charge ? amount : -amount) });
  }
  const paid = (one: Bought): boolean => (moved.get(one.paymentId)?.sum ?? 0) > 0;
  const declined: Record<string, number> = {};
  for (const one of bought.filter(({ end }) => end === 'decline')) {
    declined[one.code ?? 'none'] = (declined[one.code ?? 'none'] ?? 0) + 1;
  }
  const lost = accepted.filter(({ end }) => end === undefined).length;
  const doublyCharged = [...moved.values()].filter(({ charges }) => charges > 1).length;
  const wronglyCharged = bought.filter((one) => one.end !== undefined && paid(one) !== (one.end === 'success')).length;
  const seconds = (ms: number): number => Math.round(ms / 100) / 10;
  const each = (of: (one: Opened) => number) =>
    Object.fromEntries(
      opened
        .filter((one) => firstOf(one.operator) === one && Number.isFinite(of(one)))
        .map((one) => [one.operator, of(one)]),
    );
  const ended = (ones: readonly Bought[]) => {
    const times = ones.flatMap(({ soldAt, endedAt }) => (endedAt === undefined ? [] : [endedAt - soldAt]));
    return { ...spreadOf(times), count: ones.length };
  };
  const firstSuccess = Math.min(
    ...bought
      .filter(({ end, soldAt }) => end === 'success' && soldAt > backAt)
      .map(({ endedAt = Infinity }) => endedAt),
  );
  const faults = [...load.faults].map(([what, count]) => `${count} x ${what}`);
  if (lost > 0)
    faults.push(
      `${lost} payments have no end: ${bought
        .filter(({ end }) => end === undefined)
        .slice(0, 5)
        .map(({ paymentId, soldAt }) => `${paymentId} sold ${seconds(soldAt - beganAt)} s after the begin`)
        .join(', ')}`,
    );
  if (doublyCharged > 0) faults.push(`${doublyCharged} payments were charged twice`);
  if (wronglyCharged > 0) faults.push(`${wronglyCharged} payments ended otherwise than the operator's ledger`);
  return {
    bench: 'outage',
    circumstances: circumstances(),
    how: options.how,
    seconds: options.seconds,
    perSecond: options.perSecond,
    sales: bought.length,
    succeeded: bought.filter(({ end }) => end === 'success').length,
    declined,
    openedAfterS: each(({ openedAt }) => seconds(openedAt - beganAt)),
    closedAfterS: each(({ closedAt }) => seconds((closedAt ?? Number.NaN) - backAt)),
    declinedWhileOpen: ended(during.filter(isOpen)),
    beforeOpening: ended(during.filter((one) => !isOpen(one))),
    underWay: {
      count: underWay.length,
      succeeded: underWay.filter(({ end }) => end === 'success').length,
      lastEndedAfterS: seconds(Math.max(0, ...underWay.map(({ endedAt = Infinity }) => endedAt - backAt))),
    },
    firstSuccessAfterS: seconds(firstSuccess - backAt),
    lost,
    doublyCharged,
    wronglyCharged,
    story,
    faults,
  };
}
