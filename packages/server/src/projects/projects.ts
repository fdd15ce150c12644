import type { KeyObject } from 'node:crypto';

/** A merchant's project as the platform works with it. */
export interface Project {
  readonly projectId: number;
  readonly name: string;
  /** Key of the legacy signature; never leaves the process, never logged. */
  readonly secret: KeyObject;
  readonly callbackUrl: string | null;
  readonly currencies: readonly string[];
  readonly refundsEnabled: boolean;
}

export interface Projects {
  /** The project of an id; null when there is none, or when it may not be used here. */
  find(projectId: number): Promise<Project | null>;
}

export { createProjects, sandboxProject, type ProjectAdmin } from './registry.ts';
export { createProjectStore } from './store.ts';
export { checkMasterKey } from './key-check.ts';
export { createSecretBox } from './secret-box.ts';
