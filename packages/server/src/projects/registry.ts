import { createSecretKey, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Project, Projects } from './projects.ts';
import type { SecretBox } from './secret-box.ts';
import type { ProjectRow, ProjectStore } from './store.ts';

/** How long a change of a project may take to be seen by every process. */
const FRESH_FOR_MS = 1_000;
const FIRST_FREE_ID = 10_001;

export interface ProjectAdmin {
  /** Makes a project; its secret is in the answer and shown nowhere else. Null when the id is taken. */
  create(project: {
    projectId: number;
    name: string;
    callbackUrl: string | null;
    currencies: readonly string[];
    by: string;
  }): Promise<{ secret: string } | null>;
  /** An id no project has yet. */
  freeId(): Promise<number>;
  list(): Promise<readonly Omit<ProjectRow, 'secretBox'>[]>;
  /** The project the documentation's examples use; its secret is known to all, so only a sandbox makes it. */
  seedSandbox(callbackUrl: string | null): Promise<void>;
}

export const sandboxProject = { projectId: 1234, secret: 'test-secret' } as const;

export interface ProjectParts {
  readonly store: ProjectStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** In production a sandbox's project does not exist, and its secret opens nothing. */
  readonly production: boolean;
}

const contextOf = (projectId: number): string => `project ${projectId} secret`;

/**
 * All projects, held in memory and read again every few seconds: an unknown id costs as much as a known one, and no stranger
 * can make the database work by guessing.
 */
export function createProjects({ store, box, clock, production }: ProjectParts): Projects & ProjectAdmin {
  let known: ReadonlyMap<number, Project | Error> | null = null;
  let readAt = 0;
  let reading: Promise<void> | null = null;

  function usable(row: ProjectRow): Project | Error | null {
    if (production && row.sandbox) return null;
    try {
      const secret = box.open(row.secretBox, contextOf(row.projectId));
      if (production && secret === sandboxProject.secret) return null;
      const { projectId, name, callbackUrl, currencies, refundsEnabled } = row;
      return { projectId, name, secret: createSecretKey(Buffer.from(secret)), callbackUrl, currencies, refundsEnabled };
    } catch (cause) {
      return new Error(`the secret of project ${row.projectId} cannot be opened with this master key`, { cause });
    }
  }

  async function read(): Promise<void> {
    const projects = new Map<number, Project | Error>();
    for (const row of await store.list()) {
      const project = usable(row);
      if (project) projects.set(row.projectId, project);
    }
    known = projects;
    readAt = clock.now();
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
      else if (clock.now() - readAt >= FRESH_FOR_MS) await readOnce().catch(() => undefined);
      const project = known?.get(projectId) ?? null;
      if (project instanceof Error) throw project;
      return project;
    },
    async create({ projectId, name, callbackUrl, currencies, by }) {
      const secret = randomBytes(32).toString('base64url');
      const secretBox = box.seal(secret, contextOf(projectId));
      const row = {
        projectId,
        name,
        secretBox,
        sandbox: false,
        callbackUrl,
        currencies,
        refundsEnabled: true,
        createdBy: by,
      };
      const made = await store.insert(row);
      readAt = Number.NEGATIVE_INFINITY;
      return made ? { secret } : null;
    },
    async freeId() {
      return Math.max(FIRST_FREE_ID, ...(await store.list()).map((row) => row.projectId + 1));
    },
    async list() {
      return (await store.list()).map(({ projectId, name, sandbox, callbackUrl, currencies, refundsEnabled }) => ({
        projectId,
        name,
        sandbox,
        callbackUrl,
        currencies,
        refundsEnabled,
      }));
    },
    async seedSandbox(callbackUrl) {
      const { projectId, secret } = sandboxProject;
      await store.putSandbox({
        projectId,
        name: 'Sandbox',
        secretBox: box.seal(secret, contextOf(projectId)),
        sandbox: true,
        callbackUrl,
        currencies: ['KZT'],
        refundsEnabled: true,
        createdBy: 'sandbox start',
      });
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
