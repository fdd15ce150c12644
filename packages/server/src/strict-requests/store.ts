import type pg from 'pg';
import { Batcher } from '../db/batch.ts';

export interface RequestKey {
  readonly projectId: number;
  readonly nonce: string;
}

/** A request that is being answered. Times are epoch milliseconds. */
export interface Claim extends RequestKey {
  readonly digest: string;
  readonly createdAt: number;
  readonly leaseUntil: number;
  readonly expiresAt: number;
}

/** What became of a request; without a body it was too large to be kept. */
export interface KeptAnswer extends RequestKey {
  readonly status: number;
  readonly body: string | null;
}

export interface StoredRequest {
  readonly digest: string;
  readonly createdAt: number;
  readonly leaseUntil: number;
  /** Null while it is not answered. */
  readonly status: number | null;
  readonly body: string | null;
}

/** Where strict requests are kept. What resolves is durable. */
export interface StrictRequestStore {
  /** False when the nonce is taken. */
  claim(claim: Claim): Promise<boolean>;
  find(key: RequestKey): Promise<StoredRequest | null>;
  /** Takes over a request whose lease has passed without an answer; false when somebody else was first. */
  takeOver(key: RequestKey, now: number, leaseUntil: number): Promise<boolean>;
  /** The first answer stays. */
  keep(answer: KeptAnswer): Promise<void>;
  /** Ends the lease of a request that could not be answered. */
  release(key: RequestKey): Promise<void>;
  /** Deletes at most `limit` that have expired; resolves to their number. */
  prune(now: number, limit: number): Promise<number>;
}

const claimSql = `
INSERT INTO strict_requests (project_id, nonce, digest, created_at, lease_until, expires_at)
SELECT project_id, nonce, digest, created_at, lease_until, expires_at FROM json_populate_recordset(NULL::strict_requests, $1::json)
ON CONFLICT ON CONSTRAINT strict_requests_pkey DO NOTHING
RETURNING project_id AS "projectId", nonce`;

const keepSql = `
UPDATE strict_requests s SET status = i.status, answer = i.answer
FROM json_populate_recordset(NULL::strict_requests, $1::json) i
WHERE s.project_id = i.project_id AND s.nonce = i.nonce AND s.status IS NULL`;

const findSql = `
SELECT digest, created_at AS "createdAt", lease_until AS "leaseUntil", status, answer AS body FROM strict_requests
WHERE project_id = $1 AND nonce = $2`;

const takeOverSql = `
UPDATE strict_requests SET lease_until = $4 WHERE project_id = $1 AND nonce = $2 AND status IS NULL AND lease_until <= $3`;

const releaseSql = `
UPDATE strict_requests SET lease_until = created_at WHERE project_id = $1 AND nonce = $2 AND status IS NULL`;

const pruneSql = `
DELETE FROM strict_requests WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM strict_requests WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;

const text = ({ projectId, nonce }: RequestKey): string => `${projectId}\n${nonce}`;
const byKey = (one: RequestKey, other: RequestKey): number => (text(one) < text(other) ? -1 : 1);
const iso = (at: number): string => new Date(at).toISOString();

/** Strict requests on PostgreSQL: those that arrive together share one statement. */
export function createStrictRequestStore(pool: pg.Pool): StrictRequestStore {
  async function claimAll(claims: readonly Claim[]): Promise<readonly boolean[]> {
    // Sorted, so that two processes' batches never wait for each other in a circle.
    const rows = claims.toSorted(byKey).map((claim) => ({
      project_id: claim.projectId,
      nonce: claim.nonce,
      digest: claim.digest,
      created_at: iso(claim.createdAt),
      lease_until: iso(claim.leaseUntil),
      expires_at: iso(claim.expiresAt),
    }));
    const { rows: made } = await pool.query<RequestKey>({
      name: 'strict-requests.claim',
      text: claimSql,
      values: [JSON.stringify(rows)],
    });
    const left = new Set(made.map(text));
    // Of twins in one batch the first has it.
    return claims.map((claim) => left.delete(text(claim)));
  }

  async function keepAll(answers: readonly KeptAnswer[]): Promise<readonly void[]> {
    const rows = answers.toSorted(byKey).map(({ projectId, nonce, status, body }) => ({
      project_id: projectId,
      nonce,
      status,
      answer: body,
    }));
    await pool.query({ name: 'strict-requests.keep', text: keepSql, values: [JSON.stringify(rows)] });
    return answers.map(() => undefined);
  }

  const claims = new Batcher({ run: claimAll, maxItems: 256, maxConcurrent: 2 });
  const kept = new Batcher({ run: keepAll, maxItems: 256, maxConcurrent: 2 });

  return {
    claim: (claim) => claims.add(claim),
    keep: (answer) => kept.add(answer),
    async find({ projectId, nonce }) {
      const values = [projectId, nonce];
      const { rows } = await pool.query<StoredRequest>({ name: 'strict-requests.find', text: findSql, values });
      return rows[0] ?? null;
    },
    async takeOver({ projectId, nonce }, now, leaseUntil) {
      const values = [projectId, nonce, new Date(now), new Date(leaseUntil)];
      const { rowCount } = await pool.query({ name: 'strict-requests.take-over', text: takeOverSql, values });
      return rowCount === 1;
    },
    async release({ projectId, nonce }) {
      await pool.query({ name: 'strict-requests.release', text: releaseSql, values: [projectId, nonce] });
    },
    async prune(now, limit) {
      const values = [new Date(now), limit];
      return (await pool.query({ name: 'strict-requests.prune', text: pruneSql, values })).rowCount ?? 0;
    },
  };
}
