import { signMessage } from '../packages/contract/src/signature.ts';
import { openBrowser } from '../packages/e2e/src/browser.ts';
import { sandboxProject } from '../tools/launcher/welcome.ts';
import { conditions, type PageVisit, visitPage } from './page/measure.ts';
import { peerFields, type Peers, servePeers } from './page/peers.ts';
import { percentile } from './percentiles.ts';
import { circumstances, type Circumstances, table } from './report.ts';
import { prepareGround, startSandbox } from './sandbox.ts';

/** The budgets of a first visit, in KB of 1,024 bytes over the wire and in requests. */
const budgets = { kilobytes: 35, requestsBefore: 3 } as const;

export type PageOptions = { readonly rounds: number };

const subjects = ['page', 'dropin', 'static'] as const;
type Subject = (typeof subjects)[number];
const names: Record<Subject, string> = {
  page: 'Payment Page',
  dropin: 'adyen-web drop-in, MB WAY',
  static: 'static page, same bytes',
};

export type PageReport = {
  readonly bench: 'page';
  readonly circumstances: Circumstances;
  readonly conditions: typeof conditions;
  readonly rounds: number;
  /** Medians over the rounds. */
  readonly visits: Readonly<Record<Subject, PageVisit>>;
  readonly ratios: {
    readonly typableToDropin: number;
    readonly typableToStatic: number;
    readonly bytesToDropin: number;
  };
  readonly faults: readonly string[];
};

/** First visits, each in a fresh profile, in turn: our page, the drop-in and the static page share every circumstance. */
export async function benchPage(
  { rounds }: PageOptions,
  run: AbortController,
  print: (line: string) => void,
): Promise<PageReport> {
  await using ending = new AsyncDisposableStack();
  print('starting PostgreSQL, the simulator and the platform');
  const ground = await prepareGround(run, print, ending);
  const { gateUrl } = await startSandbox(ground, { callbackUrl: 'http://127.0.0.1:9/', platformArguments: [] });
  print('building the drop-in');
  const peers = await servePeers();
  ending.defer(() => peers.close());
  const { browser } = ending.use(await openBrowser());

  const visits: Record<Subject, PageVisit[]> = { page: [], dropin: [], static: [] };
  const warm = await visitPage(browser, link(gateUrl, 'warm-up'), fields.page);
  for (let round = 1; round <= rounds; round++) {
    run.signal.throwIfAborted();
    for (const subject of subjects) {
      const url = address(subject, round, { gateUrl, peers, bytes: warm.bytes });
      visits[subject].push(await visitPage(browser, url, fields[subject]));
    }
    print(`round ${round} of ${rounds}: ${subjects.map((each) => milliseconds(visits[each])).join(', ')}`);
  }
  return reportOf(rounds, visits);
}

const fields: Record<Subject, string> = { page: 'input[name=number]', ...peerFields };

function address(
  subject: Subject,
  round: number,
  { gateUrl, peers, bytes }: { gateUrl: string; peers: Peers; bytes: number },
): string {
  if (subject === 'dropin') return peers.dropinUrl;
  return subject === 'static' ? peers.staticUrl(bytes) : link(gateUrl, `bench-${round}`);
}

/** A shop's link as any of the family's clients makes it. */
function link(gateUrl: string, paymentId: string): string {
  const params = {
    project_id: String(sandboxProject.id),
    payment_id: paymentId,
    customer_id: 'customer_123',
    customer_first_name: 'John',
    customer_last_name: 'Doe',
    customer_email: 'johndoe@example.com',
    payment_amount: '100000',
    payment_currency: 'KZT',
    payment_description: 'Film night',
    force_payment_method: 'mobile',
    language_code: 'ru',
  };
  const signature = signMessage(params, sandboxProject.secret);
  return `${gateUrl}/payment?${new URLSearchParams({ ...params, signature })}`;
}

const milliseconds = (visits: readonly PageVisit[]): string => `${(visits.at(-1)?.typableMs ?? 0).toFixed(0)} ms`;

function reportOf(rounds: number, all: Record<Subject, readonly PageVisit[]>): PageReport {
  const visits = { page: median(all.page), dropin: median(all.dropin), static: median(all.static) };
  const faults = [
    ...(visits.page.bytes > budgets.kilobytes * 1_024
      ? [`the page took ${visits.page.bytes} bytes, more than ${budgets.kilobytes} KB`]
      : []),
    ...(visits.page.requestsBefore > budgets.requestsBefore
      ? [`the page took ${visits.page.requestsBefore} requests before the number could be typed`]
      : []),
  ];
  return {
    bench: 'page',
    circumstances: circumstances(),
    conditions,
    rounds,
    visits,
    ratios: {
      typableToDropin: visits.page.typableMs / visits.dropin.typableMs,
      typableToStatic: visits.page.typableMs / visits.static.typableMs,
      bytesToDropin: visits.page.bytes / visits.dropin.bytes,
    },
    faults,
  };
}

function median(visits: readonly PageVisit[]): PageVisit {
  const of = (figure: keyof PageVisit): number =>
    percentile(
      visits.map((visit) => visit[figure]).toSorted((one, other) => one - other),
      0.5,
    );
  return {
    bytes: of('bytes'),
    requests: of('requests'),
    requestsBefore: of('requestsBefore'),
    lcpMs: of('lcpMs'),
    typableMs: of('typableMs'),
    layoutShift: of('layoutShift'),
  };
}

export function renderPageReport({ visits, ratios, rounds, circumstances: where, faults }: PageReport): string {
  const { latencyMs, downloadKbps, cpuSlowdown, width } = conditions;
  const rows = subjects.map((subject) => {
    const { bytes, requests, requestsBefore, lcpMs, typableMs, layoutShift } = visits[subject];
    return [
      names[subject],
      (bytes / 1_024).toFixed(1),
      `${requestsBefore} of ${requests}`,
      lcpMs.toFixed(0),
      typableMs.toFixed(0),
      layoutShift.toFixed(3),
    ];
  });
  return [
    `First visits, medians of ${rounds}; ${latencyMs} ms latency, ${downloadKbps} kbit/s, processor ${cpuSlowdown} times slower, ${width} px wide`,
    `commit ${where.commit}, ${where.date}Z, Node ${where.node}, ${where.cores} cores (${where.processor})`,
    '',
    table(['', 'KB', 'requests before', 'LCP ms', 'number can be typed ms', 'layout shift'], rows),
    '',
    `The number can be typed after ${ratios.typableToDropin.toFixed(2)} of the drop-in's time and ${ratios.typableToStatic.toFixed(2)} of the static page's, for ${ratios.bytesToDropin.toFixed(2)} of the drop-in's bytes.`,
    ...(faults.length > 0 ? ['', 'FAILED:', ...faults.map((fault) => `  ${fault}`)] : []),
  ].join('\n');
}
