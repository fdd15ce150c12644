import { createSecretKey, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Project, Projects } from './projects.ts';
import type { SecretBox } from './secret-box.ts';
import type { ProjectRow, ProjectStore } from './store.ts';

/** How long a change of a project may take to be seen by every process. */
const FRESH_FOR_MS = 5_000;
const REMEMBERED = 10_000;
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

/** Projects by id, remembered for a few seconds; unknown ids too, so that guessing them costs the database little. */
export function createProjects({ store, box, clock, production }: ProjectParts): Projects & ProjectAdmin {
  const known = new Map<number, { readonly at: number; readonly project: Promise<Project | null> }>();

  async function load(projectId: number): Promise<Project | null> {
    const row = await store.find(projectId);
    if (!row || (production && row.sandbox)) return null;
    const secret = box.open(row.secretBox, contextOf(projectId));
    if (production && secret === sandboxProject.secret) return null;
    return {
      projectId,
      name: row.name,
      secret: createSecretKey(Buffer.from(secret)),
      callbackUrl: row.callbackUrl,
      currencies: row.currencies,
      refundsEnabled: row.refundsEnabled,
    };
  }

  return {
    find(projectId) {
      const seen = known.get(projectId);
      if (seen && clock.now() - seen.at < FRESH_FOR_MS) return seen.project;
      const project = load(projectId);
      known.delete(projectId);
      known.set(projectId, { at: clock.now(), project });
      project.catch(() => known.delete(projectId));
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
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
      return (await store.insert(row)) ? { secret } : null;
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
      known.delete(projectId);
    },
  };
}
