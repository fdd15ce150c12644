import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** How exactly the last use of a secret is known; a process writes a secret's use down no more often. */
const EVERY_MS = 60_000;

/** Remembers when which secret last opened a request, so that a person sees when the old one is no longer used. */
export interface SecretUses {
  /** Does not wait, and never fails: a request is not held up by it. */
  note(projectId: number, secretNo: number): void;
  /** Waits for what is being written. */
  drain(): Promise<void>;
}

export interface SecretUsesParts {
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSecretUses({ pool, clock, log }: SecretUsesParts): SecretUses {
  const noted = new Map<string, number>();
  const writing = new Set<Promise<void>>();

  async function write(projectId: number, secretNo: number, at: number): Promise<void> {
    try {
      await pool.query({
        name: 'projects.secret-used',
        text: `UPDATE project_secrets SET last_used_at = $3
               WHERE project_id = $1 AND kind = 'request' AND secret_no = $2 AND (last_used_at IS NULL OR last_used_at < $3)`,
        values: [projectId, secretNo, new Date(at)],
      });
    } catch (error) {
      log.warn({ err: error, projectId, secretNo }, 'the use of a secret was not written down');
    }
  }

  return {
    note(projectId, secretNo) {
      const now = clock.now();
      const name = `${projectId} ${secretNo}`;
      const last = noted.get(name);
      if (last !== undefined && now - last < EVERY_MS) return;
      noted.set(name, now);
      const task = write(projectId, secretNo, now).finally(() => writing.delete(task));
      writing.add(task);
    },
    async drain() {
      await Promise.all(writing);
    },
  };
}
