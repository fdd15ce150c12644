import { type Facts, isOver } from './facts.ts';
import { refresh, showOffline } from './network.ts';
import { screenNow, show } from './screen.ts';

const QUICK_MS = 2000;
const SLOW_MS = 10_000;
const QUICK_FOR_MS = 60_000;
/** Away for longer than this, the screen's times may be wrong: some devices stop their clock while they sleep. */
const NAP_MS = 3000;

let stream: EventSource | undefined;
let timer = 0;
let since = 0;
let hiddenAt = 0;

/** Follows the payment from now on: pushed by the server, and asked for behind that, quickly where nothing is pushed. */
export function follow(facts: Facts): void {
  since = performance.now();
  clearTimeout(timer);
  if (isOver(facts)) {
    stream?.close();
    stream = undefined;
    return;
  }
  if (!stream && 'EventSource' in window) {
    stream = new EventSource(`${facts.base}/events?version=${encodeURIComponent(facts.version)}`);
    stream.addEventListener('screen', ({ data }: MessageEvent<string>) => {
      showOffline(false);
      show(JSON.parse(data));
    });
  }
  timer = window.setTimeout(ask, pause());
}

function pause(): number {
  const isPushed = stream?.readyState === 1;
  const isQuiet = ['number', 'methods', 'decline'].includes(screenNow().kind);
  return isPushed || isQuiet || performance.now() - since > QUICK_FOR_MS ? SLOW_MS : QUICK_MS;
}

async function ask(): Promise<void> {
  const asked = since;
  const isAnswered = document.visibilityState === 'hidden' || (await refresh());
  showOffline(!isAnswered);
  // A new screen has set its own timer.
  if (asked === since && !isOver(screenNow())) timer = window.setTimeout(ask, pause());
}

/** Catches up when the page comes back: from the background, from the browser's history, from a lost connection. */
export function watchReturns(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hiddenAt = performance.now();
    else if (performance.now() - hiddenAt > NAP_MS || hiddenAt === 0) void refresh(true);
  });
  window.addEventListener('pageshow', ({ persisted }) => persisted && void refresh(true));
  // What a browser shows on the way back may be what it had kept.
  const [entry] = performance.getEntriesByType('navigation');
  if (entry instanceof PerformanceNavigationTiming && entry.type === 'back_forward') void refresh(true);
  window.addEventListener('online', () => void refresh(true));
  window.addEventListener('offline', () => showOffline(true));
}
