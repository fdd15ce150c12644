import type { PageRequest } from '@rocketpay/contract/page-parameters.ts';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Language } from '@rocketpay/payment-page/surroundings.ts';
import type pg from 'pg';

export interface PageSession {
  readonly tokenHash: string;
  readonly key: PaymentKey;
  readonly digest: string;
  readonly request: PageRequest;
  readonly language: Language | null;
  readonly method: 'mobile' | null;
  readonly numberWantedAfter: number | null;
  readonly openedAt: number;
}

export interface Consent {
  readonly key: PaymentKey;
  readonly consentId: string;
  readonly at: number;
  readonly step: 'number' | 'code' | 'again';
  readonly textVersion: string;
  readonly language: Language;
  readonly amountMinor: number;
  readonly currency: string;
  readonly accountNumber: string;
  readonly address: string;
  readonly userAgent: string;
}

export type PageSessionStore = ReturnType<typeof createPageSessionStore>;

interface SessionRow {
  readonly token_hash: string;
  readonly project_id: number;
  readonly payment_key: string;
  readonly digest: string;
  readonly request: PageRequest;
  readonly language: Language | null;
  readonly method: 'mobile' | null;
  readonly number_wanted_after: number | null;
  readonly opened_at: number;
}

const columns =
  'token_hash, project_id, payment_key, digest, request, language, method, number_wanted_after, opened_at';

function sessionOf(row: SessionRow): PageSession {
  return {
    tokenHash: row.token_hash,
    key: { projectId: row.project_id, paymentKey: row.payment_key },
    digest: row.digest,
    request: row.request,
    language: row.language,
    method: row.method,
    numberWantedAfter: row.number_wanted_after,
    openedAt: row.opened_at,
  };
}

/** Opened links and what their payers agreed to, on PostgreSQL. */
export function createPageSessionStore(pool: pg.Pool) {
  return {
    /** Stores a session, or finds the one that the same link has already; its looks and its end follow the newest link. */
    async open(
      session: Pick<PageSession, 'tokenHash' | 'key' | 'digest' | 'request' | 'openedAt'>,
    ): Promise<PageSession> {
      const { rows } = await pool.query<SessionRow>({
        name: 'page-sessions.open',
        text: `INSERT INTO page_sessions (token_hash, project_id, payment_key, digest, request, opened_at)
               VALUES ($1, $2, $3, $4, $5, to_timestamp($6::double precision / 1000))
               ON CONFLICT (token_hash) DO UPDATE SET request = EXCLUDED.request, opened_at = EXCLUDED.opened_at
               RETURNING ${columns}`,
        values: [
          session.tokenHash,
          session.key.projectId,
          session.key.paymentKey,
          session.digest,
          JSON.stringify(session.request),
          session.openedAt,
        ],
      });
      const [row] = rows;
      if (!row) throw new Error('a page session was not stored');
      return sessionOf(row);
    },

    async find(tokenHash: string): Promise<PageSession | null> {
      const { rows } = await pool.query<SessionRow>({
        name: 'page-sessions.find',
        text: `SELECT ${columns} FROM page_sessions WHERE token_hash = $1`,
        values: [tokenHash],
      });
      return rows[0] ? sessionOf(rows[0]) : null;
    },

    /** Writes down what the payer chose; what is not named stays. */
    async choose(
      tokenHash: string,
      { language, method, numberWantedAfter }: Partial<Pick<PageSession, 'language' | 'method' | 'numberWantedAfter'>>,
    ): Promise<void> {
      await pool.query({
        name: 'page-sessions.choose',
        text: `UPDATE page_sessions SET language = coalesce($2, language), method = coalesce($3, method),
                 number_wanted_after = coalesce($4, number_wanted_after) WHERE token_hash = $1`,
        values: [tokenHash, language, method, numberWantedAfter],
      });
    },

    async addConsent(consent: Consent): Promise<void> {
      await pool.query({
        name: 'page-consents.add',
        text: `INSERT INTO page_consents (project_id, payment_key, consent_id, at, step, text_version, language, amount_minor,
                 currency, account_number, address, user_agent)
               VALUES ($1, $2, $3, to_timestamp($4::double precision / 1000), $5, $6, $7, $8, $9, $10, $11, $12)`,
        values: [
          consent.key.projectId,
          consent.key.paymentKey,
          consent.consentId,
          consent.at,
          consent.step,
          consent.textVersion,
          consent.language,
          consent.amountMinor,
          consent.currency,
          consent.accountNumber,
          consent.address,
          consent.userAgent,
        ],
      });
    },

    /** Forgets sessions opened before; a link that comes again finds its payment by its digest all the same. */
    async forgetBefore(before: number): Promise<void> {
      await pool.query('DELETE FROM page_sessions WHERE opened_at < to_timestamp($1::double precision / 1000)', [
        before,
      ]);
    },
  };
}
