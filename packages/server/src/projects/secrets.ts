import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { strictKey } from '@rocketpay/contract/strict-signature.ts';
import type { ProjectSecret } from './projects.ts';
import type { SecretBox } from './secret-box.ts';

export type SecretKind = 'request' | 'callback';

/** A secret as it is stored. */
export interface SecretRow {
  readonly kind: SecretKind;
  readonly secretNo: number;
  readonly main: boolean;
  readonly secretBox: string;
  /** Epoch milliseconds; of callbacks' secrets always null. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** A new secret as its owner gets it: of requests 43 characters, of callbacks Standard Webhooks' `whsec_…`. */
export function newSecret(kind: SecretKind): string {
  return kind === 'request' ? randomBytes(32).toString('base64url') : `whsec_${randomBytes(32).toString('base64')}`;
}

/** Binds a sealed secret to its place. The first secret of requests was sealed before secrets had numbers. */
export function secretContext(projectId: number, kind: SecretKind, secretNo: number): string {
  if (kind === 'callback') return `project ${projectId} callback secret ${secretNo}`;
  return secretNo === 1 ? `project ${projectId} secret` : `project ${projectId} secret ${secretNo}`;
}

export interface ProjectKeys {
  readonly secrets: readonly ProjectSecret[];
  readonly secret: KeyObject;
  readonly callbackSecrets: readonly KeyObject[];
  /** One of them is a secret that everybody knows. */
  readonly wellKnown: boolean;
}

interface Opened {
  readonly request?: ProjectSecret;
  readonly callback?: KeyObject;
  readonly wellKnown: boolean;
}

/** Opens projects' secrets; one that was open at the last reading is not decrypted again. */
export class SecretOpener {
  readonly #box: SecretBox;
  readonly #wellKnown: readonly string[];
  #before = new Map<string, Opened>();
  #now = new Map<string, Opened>();

  constructor(box: SecretBox, wellKnown: readonly string[]) {
    this.#box = box;
    this.#wellKnown = wellKnown;
  }

  /** A reading of all projects begins: forgets what the one before it did not have. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** Throws when a secret was sealed under another key or for another place, or a project has none that signs. */
  keysOf(projectId: number, rows: readonly SecretRow[]): ProjectKeys {
    const newestFirst = rows.toSorted((a, b) => b.secretNo - a.secretNo);
    const opened = newestFirst.map((row) => ({ row, ...this.#open(projectId, row) }));
    const main = opened.find(({ row, request }) => row.main && request)?.request;
    if (!main) throw new Error(`project ${projectId} has no secret to sign with`);
    return {
      secrets: opened.flatMap(({ request }) => request ?? []),
      secret: main.key,
      callbackSecrets: opened.flatMap(({ callback }) => callback ?? []),
      wellKnown: opened.some(({ wellKnown }) => wellKnown),
    };
  }

  #open(projectId: number, { kind, secretNo, secretBox }: SecretRow): Opened {
    const context = secretContext(projectId, kind, secretNo);
    const place = `${context}\n${secretBox}`;
    const known = this.#now.get(place) ?? this.#before.get(place);
    const opened = known ?? this.#decrypt(kind, secretNo, this.#box.open(secretBox, context));
    this.#now.set(place, opened);
    return opened;
  }

  #decrypt(kind: SecretKind, secretNo: number, secret: string): Opened {
    const wellKnown = this.#wellKnown.includes(secret);
    if (kind === 'request') {
      const key = createSecretKey(Buffer.from(secret));
      return { request: { secretNo, key, strictKey: strictKey(key) }, wellKnown };
    }
    return { callback: createSecretKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')), wellKnown };
  }
}
