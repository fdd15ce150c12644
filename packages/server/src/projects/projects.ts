import type { ClarificationForm } from '@rocketpay/contract/clarification-fields.ts';
import type { KeyObject } from 'node:crypto';

/** How the fields of a code that is awaited are listed: `list`, as the family does, or `schema`, with a description of each. */
export type { ClarificationForm };

/** A secret that opens a project's requests. */
export interface ProjectSecret {
  readonly secretNo: number;
  /** Of the legacy signature. */
  readonly key: KeyObject;
  /** Of the strict signature, derived from the same secret. */
  readonly strictKey: KeyObject;
}

/** A merchant's project as the platform works with it. Its keys never leave the process and are never logged. */
export interface Project {
  readonly projectId: number;
  readonly name: string;
  /** These open requests, newest first: one, or two while the project changes over. */
  readonly secrets: readonly ProjectSecret[];
  /** Signs what we send by ourselves. */
  readonly secret: KeyObject;
  /**
   * Standard Webhooks keys of 32 bytes, newest first: one, or two while the project changes over; none for a project older
   * than such secrets, until its first is made.
   */
  readonly callbackSecrets: readonly KeyObject[];
  readonly callbackUrl: string | null;
  readonly currencies: readonly string[];
  readonly refundsEnabled: boolean;
  /** CIDRs that requests may come from; empty: from anywhere. */
  readonly allowedNetworks: readonly string[];
  /** Requests need the strict signature beside the one in their body. */
  readonly strict: boolean;
  readonly clarificationForm: ClarificationForm;
  /** Within it a second refund of an equal sum is refused; 0: never. */
  readonly refundRepeatWindowMs: number;
}

export interface Projects {
  /** The project of an id; null when there is none, or when it may not be used here. */
  find(projectId: number): Promise<Project | null>;
}

export { createProjects, sandboxProject, type ProjectAdmin } from './registry.ts';
export {
  createProjectEdits,
  type EditableSettings,
  type Edited,
  type EditRefusal,
  type ProjectEdits,
} from './edits.ts';
export { createProjectStore, type ProjectRow } from './store.ts';
export { checkMasterKey, WrongMasterKey } from './key-check.ts';
export { createSecretBox, type SecretBox } from './secret-box.ts';
export { createSecretUses, type SecretUses } from './secret-uses.ts';
