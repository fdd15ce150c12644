import { type Facts, isOver } from './facts.ts';
import { refresh, showOffline } from './network.ts';
import { screenNow, show } from './screen.ts';

const QUICK_MS = 2000;
const SLOW_MS = 10_000;
const QUICK_FOR_MS = 60_000;

let stream: EventSource | undefined;
let timer = 0;
let since = 0;

/** Follows the payment from now on: pushed by the server, and asked for behind that, quickly where nothing is pushed. */
export function follow(facts: Facts): void {
  since = performance.now();
  clearTimeout(timer);
  if (isOver(facts)) {
    closeStream();
    return;
  }
  openStream(facts);
  timer = window.setTimeout(ask, pause());
}

/** Only while it is looked at: a browser keeps some six connections to a host for all its tabs. */
function openStream({ base, version }: Facts): void {
  if (stream || document.visibilityState === 'hidden' || !('EventSource' in window)) return;
  stream = new EventSource(`${base}/events?version=${encodeURIComponent(version)}`);
  stream.addEventListener('screen', ({ data }: MessageEvent<string>) => {
    showOffline(false);
    show(JSON.parse(data));
  });
}

function closeStream(): void {
  stream?.close();
  stream = undefined;
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
    if (document.visibilityState === 'hidden') return closeStream();
    if (!isOver(screenNow())) openStream(screenNow());
    void refresh(true);
  });
  window.addEventListener('pageshow', ({ persisted }) => persisted && void refresh(true));
  // What a browser shows on the way back may be what it had kept.
  const [entry] = performance.getEntriesByType('navigation');
  if (entry instanceof PerformanceNavigationTiming && entry.type === 'back_forward') void refresh(true);
  window.addEventListener('online', () => void refresh(true));
  window.addEventListener('offline', () => showOffline(true));
}
