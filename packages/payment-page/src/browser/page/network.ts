import { screenNow, show } from './screen.ts';

/** How long an answer may take; a payment's own time is the server's matter. */
const PATIENCE_MS = 20_000;
const PAUSES_MS = [1000, 2000, 4000, 8000];

const banner = document.getElementById('offline');

/** Says that the connection is gone, or takes that back. */
export function showOffline(isOffline: boolean): void {
  if (!banner) return;
  banner.textContent = isOffline ? screenNow().texts.offline : '';
  banner.hidden = !isOffline;
}

/** Fetches, with the header that asks for the fragment instead of the page. */
async function request(url: string, body?: URLSearchParams): Promise<Response> {
  const signal = AbortSignal.timeout?.(PATIENCE_MS) ?? null;
  const headers = { 'rocketpay-fragment': '1' };
  return fetch(url, { method: body ? 'POST' : 'GET', headers, signal, cache: 'no-store', ...(body && { body }) });
}

/**
 * Posts a form until it is answered or no longer wanted: every action of the page is harmless when it comes twice.
 * Resolves when the answer is on the screen.
 */
export async function post(url: string, body: URLSearchParams, isWanted: () => boolean): Promise<void> {
  for (let tries = 0; isWanted(); tries++) {
    try {
      const answer = await request(url, body);
      if (answer.status < 500) return await take(answer);
    } catch {
      // No answer: the same as a broken one.
    }
    if (!isWanted()) return;
    showOffline(true);
    await backOnline(PAUSES_MS[tries] ?? 10_000);
  }
}

/** Asks which screen is to be seen now. @returns whether there was an answer */
export async function refresh(isForced = false): Promise<boolean> {
  const { base, version } = screenNow();
  try {
    const query = isForced ? '' : `?version=${encodeURIComponent(version)}`;
    const answer = await request(`${base}/screen${query}`);
    if (answer.status >= 500) return false;
    await take(answer);
    return true;
  } catch {
    return false;
  }
}

async function take(answer: Response): Promise<void> {
  showOffline(false);
  if (answer.status === 204) return;
  // Anything but a fragment (the session is over, another page answers) is for the browser itself to show.
  if (!show(await answer.text())) location.replace(screenNow().base);
}

/** Waits a while, or until the browser says that it is online again. */
function backOnline(atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, atMostMs);
    window.addEventListener('online', done);
  });
}
