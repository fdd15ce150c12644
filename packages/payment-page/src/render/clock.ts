import type { PageModel } from '../model.ts';
import { formatLeft } from '../left.ts';
import { speechOf } from '../words/words.ts';
import { type Html, html, json } from './html.ts';

/** Seconds before the end at which a screen reader is told; rarer while there is time, closer towards the end. */
const MILESTONES = [1800, 900, 600, 300, 240, 180, 120, 60, 30];

/** The ticking part of a countdown; the script counts on from the server's time. */
export function timeLeft(model: PageModel, until: number): Html {
  return html`<b data-left>${formatLeft(until - model.now)}</b>`;
}

/** What is announced while a countdown runs, by seconds left, as JSON. */
export function milestones(model: PageModel, until: number): string {
  const speech = speechOf(model.language);
  const left = (until - model.now) / 1000;
  const spoken = MILESTONES.filter((seconds) => seconds < left).map((seconds) => {
    const whole = seconds >= 60 ? speech.count('minutesLeft', seconds / 60) : speech.count('secondsLeft', seconds);
    return [seconds, whole.source];
  });
  return json(Object.fromEntries(spoken));
}
