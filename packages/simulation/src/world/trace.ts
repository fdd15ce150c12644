import { createHash } from 'node:crypto';
import type { Timeline } from './timeline.ts';

/** What happened, line by line; equal seeds give equal traces. */
export class Trace {
  readonly #timeline: Timeline;
  readonly #hash = createHash('sha256');
  readonly #stories = new Map<string, string[]>();
  readonly #startedAt: number;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#startedAt = timeline.now;
  }

  /** `about` is the payment's key where there is one, so that its story can be told alone. */
  add(id: string, what: string): void {
    const about = id.toLowerCase();
    const line = `${((this.#timeline.now - this.#startedAt) / 1000).toFixed(3)}s ${what}`;
    this.#hash.update(`${about} ${line}\n`);
    const story = this.#stories.get(about);
    if (story) story.push(line);
    else this.#stories.set(about, [line]);
  }

  story(about: string): readonly string[] {
    return this.#stories.get(about.toLowerCase()) ?? [];
  }

  /** Ends the trace: 64 hex digits. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
