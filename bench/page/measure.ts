import type { Browser, CDPSession, Page } from 'playwright-core';

/** Lighthouse's slow 4G, and a processor four times slower than this one: a cheap phone. */
export const conditions = {
  latencyMs: 150,
  downloadKbps: 1_638,
  uploadKbps: 750,
  cpuSlowdown: 4,
  width: 360,
  height: 740,
} as const;

/** Long enough for what a page still does once its network is quiet. */
const settleMs = 1_500;
const loadLimitMs = 60_000;

export type PageVisit = {
  /** As they went over the wire, headers included; only what was answered counts. */
  readonly bytes: number;
  readonly requests: number;
  /** Those begun before the number could be typed. */
  readonly requestsBefore: number;
  readonly lcpMs: number;
  /** From the navigation until the field for the number is there and takes input. */
  readonly typableMs: number;
  readonly layoutShift: number;
};

type Marks = { typableAt: number; lcpAt: number; shift: number };

/** Opens a page in a fresh profile under the conditions above and waits until it is quiet. `field` is a CSS selector. */
export async function visitPage(browser: Browser, url: string, field: string): Promise<PageVisit> {
  const { width, height } = conditions;
  const context = await browser.newContext({ viewport: { width, height }, isMobile: true, hasTouch: true });
  try {
    const page = await context.newPage();
    const wire = await throttle(await context.newCDPSession(page));
    await page.addInitScript(watch, field);
    await page.goto(url, { waitUntil: 'load', timeout: loadLimitMs });
    await page.waitForFunction(() => (globalThis as unknown as { marks: Marks }).marks.typableAt > 0, undefined, {
      timeout: loadLimitMs,
    });
    await page.waitForLoadState('networkidle', { timeout: loadLimitMs }).catch(() => undefined);
    await page.waitForTimeout(settleMs);
    return figuresOf(wire, await marksOf(page));
  } finally {
    await context.close();
  }
}

const marksOf = (page: Page): Promise<Marks> => page.evaluate(() => (globalThis as unknown as { marks: Marks }).marks);

/** Requests by id, with when they began. */
type Wire = { readonly startedMs: Map<string, number>; bytes: number };

async function throttle(session: CDPSession): Promise<Wire> {
  const { latencyMs, downloadKbps, uploadKbps, cpuSlowdown } = conditions;
  const wire: Wire = { startedMs: new Map(), bytes: 0 };
  let first: number | undefined;
  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    if (request.url.startsWith('data:')) return;
    first ??= timestamp;
    wire.startedMs.set(requestId, (timestamp - first) * 1_000);
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    wire.bytes += encodedDataLength;
  });
  session.on('Network.loadingFailed', ({ requestId }) => wire.startedMs.delete(requestId));
  await session.send('Network.enable');
  // What a page asks of third parties fails at once: it costs that page nothing here.
  await session.send('Network.setBlockedURLs', { urls: ['https://*'] });
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: (downloadKbps * 1_024) / 8,
    uploadThroughput: (uploadKbps * 1_024) / 8,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  return wire;
}

function figuresOf(wire: Wire, { typableAt, lcpAt, shift }: Marks): PageVisit {
  return {
    bytes: wire.bytes,
    requests: wire.startedMs.size,
    requestsBefore: [...wire.startedMs.values()].filter((at) => at <= typableAt).length,
    lcpMs: lcpAt,
    typableMs: typableAt,
    layoutShift: shift,
  };
}

/** Runs in the page, before anything of it. */
function watch(field: string): void {
  const marks: Marks = { typableAt: 0, lcpAt: 0, shift: 0 };
  (globalThis as unknown as { marks: Marks }).marks = marks;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) marks.lcpAt = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) marks.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = (): void => {
    const input = document.querySelector<HTMLInputElement>(field);
    const box = input?.getBoundingClientRect();
    if (input && box && box.width > 0 && box.height > 0 && !input.disabled) marks.typableAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
