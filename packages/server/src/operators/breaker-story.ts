import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { BreakerNews } from './gate.ts';
import { addStory, type StoryLine } from './story.ts';

export interface BreakerStoryParts {
  readonly pool: pg.Pool;
  /** The process whose breakers these are. */
  readonly by: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface BreakerStory {
  /** Writes a change down after those before it; never fails. */
  tell(news: BreakerNews): void;
  /** Says that the process stops, of each breaker that is not closed: it is not shown as open from then on. */
  stop(): Promise<void>;
}

/** What becomes of one process's breakers, in the operators' stories. */
export function createBreakerStory({ pool, by, clock, log }: BreakerStoryParts): BreakerStory {
  const states = new Map<OperatorId, string>();
  let written: Promise<void> = Promise.resolve();

  function add(line: Omit<StoryLine, 'subject' | 'by'>): void {
    written = written
      .then(() => addStory(pool, { ...line, subject: 'breaker', by }))
      .catch((error: unknown) => log.error({ err: error }, 'a breaker’s story was not kept'));
  }

  return {
    tell({ failures, calls, ...news }) {
      states.set(news.operatorId, news.to);
      add({ ...news, counts: { failures, calls } });
    },
    stop() {
      for (const [operatorId, from] of states)
        if (from !== 'closed')
          add({ operatorId, at: clock.now(), from, to: 'stopped', why: 'process_stopped', counts: null });
      return written;
    },
  };
}
