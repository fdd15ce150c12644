import { createSecretKey } from 'node:crypto';
import { operatorIds, type RulesByOperator } from '@rocketpay/core/operators/operator.ts';
import { paymentStatus } from '@rocketpay/core/payment/payment.ts';
import { createNoticeAddresses } from '@rocketpay/server/payments/payments.ts';
import type { Project } from '@rocketpay/server/projects/projects.ts';
import { CallWatch } from './checks/call-watch.ts';
import { checkCallbacks } from './checks/check-callbacks.ts';
import { checkLives } from './checks/check-lives.ts';
import { checkMoney } from './checks/check-money.ts';
import type { Evidence, StoredPayment } from './checks/evidence.ts';
import { Inbox } from './merchant/inbox.ts';
import { Purchase } from './merchant/merchant.ts';
import { drawWishes } from './merchant/wishes.ts';
import { Operator } from './operator/operator.ts';
import { Cluster } from './platform/cluster.ts';
import type { Surroundings } from './platform/platform-process.ts';
import { createLog } from './platform/ports.ts';
import type { Plant } from './plants.ts';
import { createMemoryCallbacks } from './stores/callback-dues.ts';
import { createMemoryPaymentStore } from './stores/memory-payment-store.ts';
import { Link } from './world/link.ts';
import { Random } from './world/random.ts';
import { Timeline } from './world/timeline.ts';
import { Trace } from './world/trace.ts';
import { Violations, type Violation } from './world/violation.ts';

export interface RunSettings {
  readonly seed: number;
  readonly payments: number;
  readonly plant: Plant;
}

export interface RunResult {
  readonly counts: Readonly<Record<string, number>>;
  /** SHA-256 of the trace, hex. */
  readonly trace: string;
  readonly violations: readonly Violation[];
  /** What happened to a payment, and what is stored of it, line by line. */
  story(paymentId: string): readonly string[];
}

const START_AT = Date.UTC(2026, 0, 5, 9);
const BETWEEN_SALES_MS = 4_000;
const HOUR_MS = 3_600_000;
/** Endpoints and lines fail for a day and a half; what is open for a day then becomes an incident before the end. */
const HEALS_AFTER_MS = 36 * HOUR_MS;
const ENDS_AFTER_MS = 84 * HOUR_MS;
/** A run with so many broken promises is broken off. */
const HOPELESS = 1_000;
const SECRET = 'simulated-secret';

/** One whole simulated life of a platform with its merchants, payers and operator; a seed decides all of it. */
export async function simulate({ seed, payments, plant }: RunSettings): Promise<RunResult> {
  const random = new Random(seed);
  const timeline = new Timeline(START_AT, random.fork('order'));
  const trace = new Trace(timeline);
  const violations = new Violations();
  const watch = new CallWatch(violations);
  const healsAt = START_AT + HEALS_AFTER_MS;
  const busyMs = payments * BETWEEN_SALES_MS;
  const purchases = new Map<string, Purchase>();
  const byNumber = new Map<string, Purchase>();

  const callbackStore = createMemoryCallbacks();
  const paymentStore = createMemoryPaymentStore(
    (rows) => callbackStore.enqueueNow(rows),
    (payment) => watch.committed(payment),
  );
  const link = new Link(timeline, random.fork('link'), healsAt, busyMs);
  const operator = new Operator({
    timeline,
    random: random.fork('operator'),
    notify: (address, notice) => cluster.notice(address, notice),
    text: (number, code) => timeline.after(texts.between(500, 9_000), () => byNumber.get(number)?.payer.reads(code)),
  });
  const texts = random.fork('texts');
  const inbox = new Inbox({
    timeline,
    random: random.fork('inbox'),
    trace,
    violations,
    secret: SECRET,
    healsAt,
    busyMs,
    onFirst: (arrival) => purchases.get(arrival.view.payment.id)?.hears(arrival),
  });
  const key = createSecretKey(Buffer.from(SECRET));
  const project: Project = {
    projectId: 1234,
    name: 'Simulated',
    secrets: [{ secretNo: 1, key, strictKey: key }],
    secret: key,
    callbackSecrets: [],
    callbackUrl: null,
    currencies: ['KZT'],
    refundsEnabled: true,
    allowedNetworks: [],
    strict: false,
    clarificationForm: 'list',
    refundRepeatWindowMs: 0,
  };
  let idBlocks = 0;
  const surroundings: Surroundings = {
    timeline,
    random: random.fork('processes'),
    trace,
    paymentStore,
    callbackStore,
    operator,
    link,
    watch,
    violations,
    projects: { find: async (projectId) => (projectId === project.projectId ? project : null) },
    noticeAddresses: createNoticeAddresses(Buffer.from('simulated notice key'), 'http://platform.example'),
    log: createLog(violations),
    settings: {
      prepareDeadlineMs: 90_000,
      clarificationWaitMs: random.pick([180_000, 1_800_000]),
      thresholdMs: HOUR_MS,
      codeLifeMs: 80_000,
      rules: drawRules(random),
      confirmIsIdempotent: true,
      validateCharges: false,
    },
    nextIdBlock: () => (idBlocks += 1) * 1_000,
    deliver: (url, body) => inbox.deliver(url, body),
    plant,
  };
  const cluster = new Cluster(surroundings, random.chance(0.4) ? 2 : 1, START_AT + busyMs + HOUR_MS);
  const merchants = { timeline, random: random.fork('merchants'), trace, violations, cluster, project };
  for (let index = 1; index <= payments; index++) {
    const purchase = new Purchase(drawWishes(merchants.random, index), merchants);
    purchases.set(purchase.wishes.paymentId, purchase);
    byNumber.set(purchase.wishes.number, purchase);
    byNumber.set(purchase.wishes.otherNumber, purchase);
    timeline.after(merchants.random.between(0, busyMs), () => void purchase.begin());
  }

  const nextDueAt = (): number | null => {
    const times = [paymentStore.nextDueAt(), callbackStore.nextDueAt()].filter((at) => at !== null);
    return times.length > 0 ? Math.min(...times) : null;
  };
  const isHopeless = (): boolean => watch.sawRestless || violations.found.length >= HOPELESS;
  await timeline.run(START_AT + ENDS_AFTER_MS, nextDueAt, isHopeless);

  const stored: StoredPayment[] = [];
  for (const payment of paymentStore.all()) {
    const [events, incidents, callbacks] = await Promise.all([
      paymentStore.events(payment),
      paymentStore.incidents(payment),
      callbackStore.list(payment),
    ]);
    stored.push({ payment, events, incidents, callbacks });
  }
  const acknowledged = [...purchases.values()].flatMap((purchase) => purchase.acknowledged);
  const evidence: Evidence = { payments: stored, operator, arrivals: inbox.arrivals, acknowledged };
  const checked = new Violations();
  // A run that was broken off has not settled, and its books say nothing.
  const checks = isHopeless() ? [] : [checkMoney, checkLives, checkCallbacks];
  for (const check of checks) check(evidence, (says, paymentId) => checked.add(says, paymentId));

  return {
    counts: countOutcomes(stored, cluster.stops),
    trace: trace.digest(),
    violations: [...checked.found, ...violations.found],
    story: (paymentId) => [
      ...trace.story(paymentId),
      ...tell(stored.find(({ payment }) => payment.paymentId === paymentId)),
    ],
  };
}

function drawRules(random: Random): RulesByOperator {
  const off = random.chance(0.2) ? random.pick(operatorIds) : null;
  return Object.fromEntries(
    operatorIds.map((operator) => [operator, { salesEnabled: operator !== off, refundsEnabled: true }]),
  ) as RulesByOperator;
}

function countOutcomes(stored: readonly StoredPayment[], stops: number): Record<string, number> {
  const withStatus = (...statuses: string[]): number =>
    stored.filter(({ payment }) => statuses.includes(paymentStatus(payment))).length;
  return {
    payments: stored.length,
    succeeded: withStatus('succeeded', 'partially_refunded', 'refunded'),
    declined: withStatus('declined'),
    open: withStatus('processing', 'awaiting_code'),
    refunded: withStatus('partially_refunded', 'refunded'),
    incidents: stored.reduce((sum, { incidents }) => sum + incidents.length, 0),
    stops,
  };
}

/** What is stored of a payment. */
function tell(stored: StoredPayment | undefined): string[] {
  if (!stored) return ['(nothing is stored of it)'];
  const { payment, events, incidents, callbacks } = stored;
  const at = (time: number): string => `${((time - START_AT) / 1000).toFixed(3)}s`;
  return [
    'stored events:',
    ...events.map((event) => `  ${at(event.at)} ${event.operationNo} ${event.name} ${JSON.stringify(event.detail)}`),
    ...incidents.map((incident) => `  ${at(incident.at)} incident ${incident.kind}: ${incident.detail}`),
    'stored callbacks:',
    ...callbacks.map(
      (row) => `  ${at(row.createdAt)} ${row.callbackNo} ${row.kind} ${row.state} after ${row.attempts} attempts`,
    ),
    `stored payment: ${paymentStatus(payment)}, ${payment.sum.amountMinor} asked, ${payment.refundedMinor} returned, ${payment.heldMinor} held`,
  ];
}
