import { formatLeft } from '../../left.ts';
import { say } from './say.ts';

const TICK_MS = 250;
/** Server time minus the browser's monotonic clock, in milliseconds: the device's own time of day is never asked. */
let ahead = 0;
let timer = 0;

/**
 * Counts a screen's times down, from the server's time.
 *
 * @param onOver called once for each countdown that ends while it is looked at
 */
export function startClocks(root: HTMLElement, serverNow: number, onOver: (name: string) => void): void {
  ahead = serverNow - performance.now();
  clearInterval(timer);
  const running = new Set(
    [...root.querySelectorAll<HTMLElement>('[data-clock]')].filter((clock) => !tick(root, clock)),
  );
  timer = window.setInterval(() => {
    for (const clock of running) {
      if (!tick(root, clock)) continue;
      running.delete(clock);
      if (/^(code|wait)$/.test(clock.dataset['name'] ?? ''))
        say(clock.querySelector('[data-after]')?.textContent ?? '');
      onOver(clock.dataset['name'] ?? '');
    }
  }, TICK_MS);
}

/** @returns whether the time is over */
function tick(root: HTMLElement, clock: HTMLElement): boolean {
  const left = Number(clock.dataset['clock']) - performance.now() - ahead;
  const isOver = left <= 0;
  for (const place of clock.querySelectorAll('[data-left]')) {
    const text = formatLeft(left);
    if (place.textContent === text) continue;
    place.textContent = text;
    const spoken: Record<string, string> = JSON.parse(clock.dataset['say'] ?? '{}');
    say(spoken[Math.ceil(left / 1000)] ?? '');
  }
  for (const part of clock.querySelectorAll<HTMLElement>('[data-while]')) part.hidden = isOver;
  for (const part of clock.querySelectorAll<HTMLElement>('[data-after]')) part.hidden = !isOver;
  const bar = clock.querySelector('progress');
  if (bar) bar.value = Math.max(0, left);
  if (isOver && clock.dataset['name'] === 'code') root.dataset['codeOver'] = '';
  return isOver;
}
