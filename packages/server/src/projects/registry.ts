import type { Clock } from '../clock.ts';
import type { Project, Projects } from './projects.ts';
import type { SecretBox } from './secret-box.ts';
import { newSecret, secretContext, SecretOpener } from './secrets.ts';
import type { NewProjectRow, ProjectRow, ProjectStore } from './store.ts';

/** How long a change of a project may take to be seen by every process. */
const FRESH_FOR_MS = 1_000;
const FIRST_FREE_ID = 10_001;
/** Of a new project: a second click on a refund is not a second refund. */
const REFUND_REPEAT_WINDOW_MS = 60_000;

export interface ProjectAdmin {
  /** Makes a project; its secrets are in the answer and shown nowhere else. Null when the id is taken. */
  create(project: {
    projectId: number;
    name: string;
    callbackUrl: string | null;
    currencies: readonly string[];
    /** Null: a minute. */
    refundRepeatWindowMs?: number | null;
    by: string;
  }): Promise<{ secret: string; callbackSecret: string } | null>;
  /** An id no project has yet. */
  freeId(): Promise<number>;
  list(): Promise<readonly ProjectRow[]>;
  /** The project the documentation's examples use; its secret is known to all, so only a sandbox makes it. */
  seedSandbox(callbackUrl: string | null): Promise<void>;
}

export const sandboxProject = {
  projectId: 1234,
  secret: 'test-secret',
  callbackSecret: 'whsec_cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=',
} as const;

export interface ProjectParts {
  readonly store: ProjectStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** In production a sandbox's project does not exist, and its secret opens nothing. */
  readonly production: boolean;
}

/**
 * All projects, held in memory and read again every few seconds: an unknown id costs as much as a known one, and no stranger
 * can make the database work by guessing.
 */
export function createProjects({ store, box, clock, production }: ProjectParts): Projects & ProjectAdmin {
  const opener = new SecretOpener(box, [sandboxProject.secret, sandboxProject.callbackSecret]);
  let known: ReadonlyMap<number, Project | Error> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  function usable(row: ProjectRow): Project | Error | null {
    if (production && row.sandbox) return null;
    try {
      const { wellKnown, ...keys } = opener.keysOf(row.projectId, row.secrets);
      if (production && wellKnown) return null;
      const { sandbox: _sandbox, secrets: _secrets, ...settings } = row;
      return { ...settings, ...keys };
    } catch (cause) {
      return new Error(`the secrets of project ${row.projectId} cannot be opened with this master key`, { cause });
    }
  }

  /** The first secrets of a new project, sealed. */
  function sealed(projectId: number, secret: string, callbackSecret: string) {
    return {
      secretBox: box.seal(secret, secretContext(projectId, 'request', 1)),
      callbackSecretBox: box.seal(callbackSecret, secretContext(projectId, 'callback', 1)),
    } satisfies Partial<NewProjectRow>;
  }

  async function read(): Promise<void> {
    // A wall clock that is set back would keep an ended secret open for as long.
    const startedAt = clock.monotonicMs();
    const projects = new Map<number, Project | Error>();
    const rows = await store.list();
    opener.begin();
    for (const row of rows) {
      const project = usable(row);
      if (project) projects.set(row.projectId, project);
    }
    known = projects;
    readAt = startedAt;
  }

  function readOnce(): Promise<void> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  return {
    async find(projectId) {
      if (known === null) await readOnce();
      // What was read last serves on while the database does not answer.
      else if (clock.monotonicMs() - readAt >= FRESH_FOR_MS) await readOnce().catch(() => undefined);
      const project = known?.get(projectId) ?? null;
      if (project instanceof Error) throw project;
      return project;
    },
    async create({ projectId, name, callbackUrl, currencies, refundRepeatWindowMs, by }) {
      const secret = newSecret('request');
      const callbackSecret = newSecret('callback');
      const made = await store.insert({
        projectId,
        name,
        sandbox: false,
        callbackUrl,
        currencies,
        refundRepeatWindowMs: refundRepeatWindowMs ?? REFUND_REPEAT_WINDOW_MS,
        createdBy: by,
        ...sealed(projectId, secret, callbackSecret),
      });
      readAt = Number.NEGATIVE_INFINITY;
      return made ? { secret, callbackSecret } : null;
    },
    async freeId() {
      return Math.max(FIRST_FREE_ID, ...(await store.list()).map((row) => row.projectId + 1));
    },
    list: () => store.list(),
    async seedSandbox(callbackUrl) {
      const { projectId, secret, callbackSecret } = sandboxProject;
      await store.putSandbox({
        projectId,
        name: 'Sandbox',
        sandbox: true,
        callbackUrl,
        currencies: ['KZT'],
        refundRepeatWindowMs: 0,
        createdBy: 'sandbox start',
        ...sealed(projectId, secret, callbackSecret),
      });
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
