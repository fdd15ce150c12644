import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { insertInto, PAYMENT_CHANGING, PAYMENT_FIXED, REFUND_COLUMNS } from './columns.ts';
import { AMPLE_BALANCE_MINOR } from './operators.ts';
import type { LedgerRow, MessageRow, NoticeRow, PaymentRow, RefundRow } from './rows.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';

/**
 * One process owns the file: a second one on the same folder fails at its start. Rare checkpoints (32 MB) and a cache
 * that holds the indexes (64 MB) save a fifth of the processor time of a purchase.
 */
const PRAGMAS = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 8000;
PRAGMA cache_size = -64000;
`;
const MESSAGES_SHOWN = 100;

/**
 * The simulator's truth: sessions, codes, messages, ledger and notices owed, in one SQLite file.
 * A commit survives the death of the process (WAL, synchronous = NORMAL), not that of the machine.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #sql;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#db = new DatabaseSync(join(folder, 'operator.sqlite'), { timeout: 5000 });
    this.#db.exec(PRAGMAS);
    const version = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > SCHEMA_VERSION) {
      throw new Error(`the store in ${folder} was written by a newer simulator`);
    }
    this.#db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
    const sql = (text: string) => this.#db.prepare(text);
    this.#sql = {
      begin: sql('BEGIN IMMEDIATE'),
      commit: sql('COMMIT'),
      rollback: sql('ROLLBACK'),
      secret: sql('SELECT value FROM secrets WHERE name = ?'),
      addSecret: sql('INSERT INTO secrets (name, value) VALUES (?, ?)'),
      addPayment: sql(insertInto('payments', [...PAYMENT_FIXED, ...PAYMENT_CHANGING])),
      savePayment: sql(`UPDATE payments SET ${PAYMENT_CHANGING.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`),
      payment: sql('SELECT * FROM payments WHERE id = ?'),
      paymentByCorrelator: sql('SELECT * FROM payments WHERE correlator = ?'),
      correlatorUsed: sql('SELECT 1 FROM payments WHERE correlator = ?'),
      paymentsDown: sql('SELECT * FROM payments ORDER BY seq DESC LIMIT ? OFFSET ?'),
      paymentsUp: sql('SELECT * FROM payments ORDER BY seq LIMIT ? OFFSET ?'),
      paymentCount: sql('SELECT COUNT(*) AS n FROM payments'),
      duePayments: sql('SELECT * FROM payments WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?'),
      addRefund: sql(insertInto('refunds', REFUND_COLUMNS)),
      saveRefund: sql(
        'UPDATE refunds SET status = ?, refunded_at = ?, denial_code = ?, denial_reason = ?, due_at = ? WHERE id = ?',
      ),
      refunds: sql('SELECT * FROM refunds WHERE payment_id = ? ORDER BY seq'),
      refundCorrelatorUsed: sql('SELECT 1 FROM refunds WHERE correlator = ?'),
      dueRefunds: sql('SELECT * FROM refunds WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?'),
      returned: sql(
        "SELECT COALESCE(SUM(amount_minor), 0) AS n FROM refunds WHERE payment_id = ? AND status <> 'denied'",
      ),
      paidSince: sql(
        `SELECT count(*) AS count, COALESCE(SUM(charged_minor), 0) AS sum FROM payments
         WHERE phone = ? AND paid_at >= ?`,
      ),
      addEntry: sql(
        `INSERT INTO ledger (kind, entry_id, reference, correlator, amount_minor, currency, at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      ledger: sql('SELECT * FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?'),
      ledgerOf: sql('SELECT * FROM ledger WHERE reference = ? AND seq > ? ORDER BY seq LIMIT ?'),
      balance: sql('SELECT balance_minor FROM balances WHERE phone = ?'),
      moveBalance: sql(
        `INSERT INTO balances (phone, balance_minor) VALUES (?1, ${AMPLE_BALANCE_MINOR} + ?2)
         ON CONFLICT (phone) DO UPDATE SET balance_minor = balance_minor + ?2`,
      ),
      addMessage: sql('INSERT INTO messages (phone, operator, text, code, sent_at) VALUES (?, ?, ?, ?, ?)'),
      messages: sql('SELECT * FROM messages WHERE phone = ? ORDER BY seq DESC LIMIT ?'),
      addNotice: sql(
        `INSERT INTO notices (sink, token, token_expires_at, body, created_at, next_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ),
      dueNotices: sql('SELECT * FROM notices WHERE next_at <= ? ORDER BY next_at LIMIT ?'),
      deferNotice: sql('UPDATE notices SET tries = ?, next_at = ? WHERE seq = ?'),
      dropNotice: sql('DELETE FROM notices WHERE seq = ?'),
      hastenNotices: sql('UPDATE notices SET next_at = MIN(next_at, ?)'),
      nextDue: sql(
        `SELECT MIN(
           COALESCE((SELECT MIN(due_at) FROM payments WHERE due_at IS NOT NULL), ?1),
           COALESCE((SELECT MIN(due_at) FROM refunds WHERE due_at IS NOT NULL), ?1),
           COALESCE((SELECT MIN(next_at) FROM notices), ?1)) AS at`,
      ),
      countFault: sql(
        'INSERT INTO fault_counts (key, n) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n',
      ),
      faultCount: sql('SELECT n FROM fault_counts WHERE key = ?'),
    };
  }

  close(): void {
    this.#db.close();
  }

  /** Runs `work` in one transaction; what it throws rolls everything back. */
  write<T>(work: () => T): T {
    this.#sql.begin.run();
    try {
      const result = work();
      this.#sql.commit.run();
      return result;
    } catch (error) {
      this.#sql.rollback.run();
      throw error;
    }
  }

  /** A random key that outlives the process, made at its first use. */
  secret(name: string): Buffer {
    const known = this.#sql.secret.get(name)?.['value'];
    if (known instanceof Uint8Array) return Buffer.from(known);
    const made = randomBytes(32);
    this.#sql.addSecret.run(name, made);
    return made;
  }

  addPayment(payment: PaymentRow): void {
    this.#sql.addPayment.run(
      ...PAYMENT_FIXED.map((name): SQLInputValue => payment[name]),
      ...PAYMENT_CHANGING.map((name): SQLInputValue => payment[name]),
    );
  }

  savePayment(payment: PaymentRow): void {
    this.#sql.savePayment.run(...PAYMENT_CHANGING.map((name): SQLInputValue => payment[name]), payment.id);
  }

  payment(id: string): PaymentRow | undefined {
    return this.#sql.payment.get(id) as PaymentRow | undefined;
  }

  paymentByCorrelator(correlator: string): PaymentRow | undefined {
    return this.#sql.paymentByCorrelator.get(correlator) as PaymentRow | undefined;
  }

  correlatorUsed(correlator: string): boolean {
    return this.#sql.correlatorUsed.get(correlator) !== undefined;
  }

  payments(order: 'asc' | 'desc', limit: number, offset: number): PaymentRow[] {
    const statement = order === 'asc' ? this.#sql.paymentsUp : this.#sql.paymentsDown;
    return statement.all(limit, offset) as unknown as PaymentRow[];
  }

  paymentCount(): number {
    return Number(this.#sql.paymentCount.get()?.['n']);
  }

  duePayments(now: number, limit: number): PaymentRow[] {
    return this.#sql.duePayments.all(now, limit) as unknown as PaymentRow[];
  }

  addRefund(refund: RefundRow): void {
    this.#sql.addRefund.run(...REFUND_COLUMNS.map((name): SQLInputValue => refund[name]));
  }

  saveRefund(refund: RefundRow): void {
    const { status, refunded_at, denial_code, denial_reason, due_at, id } = refund;
    this.#sql.saveRefund.run(status, refunded_at, denial_code, denial_reason, due_at, id);
  }

  refunds(paymentId: string): RefundRow[] {
    return this.#sql.refunds.all(paymentId) as unknown as RefundRow[];
  }

  refundCorrelatorUsed(correlator: string): boolean {
    return this.#sql.refundCorrelatorUsed.get(correlator) !== undefined;
  }

  dueRefunds(now: number, limit: number): RefundRow[] {
    return this.#sql.dueRefunds.all(now, limit) as unknown as RefundRow[];
  }

  /** What refunds of a payment took or hold: succeeded and processing ones. */
  returnedMinor(paymentId: string): number {
    return Number(this.#sql.returned.get(paymentId)?.['n']);
  }

  /** What a number has paid since a moment. */
  paidSince(phone: string, since: number): { readonly count: number; readonly sumMinor: number } {
    const row = this.#sql.paidSince.get(phone, since);
    return { count: Number(row?.['count']), sumMinor: Number(row?.['sum']) };
  }

  /** Appends to the ledger and moves the balance; a second entry of one id violates a constraint. */
  record(entry: Omit<LedgerRow, 'seq'>, phone: string): void {
    const { kind, entry_id, reference, correlator, amount_minor, currency, at } = entry;
    this.#sql.addEntry.run(kind, entry_id, reference, correlator, amount_minor, currency, at);
    this.#sql.moveBalance.run(phone, kind === 'charge' ? -amount_minor : amount_minor);
  }

  /** Entries after `seq`, in order. */
  ledger(seq: number, limit: number, reference?: string): LedgerRow[] {
    const rows =
      reference === undefined ? this.#sql.ledger.all(seq, limit) : this.#sql.ledgerOf.all(reference, seq, limit);
    return rows as unknown as LedgerRow[];
  }

  balanceMinor(phone: string): number {
    return Number(this.#sql.balance.get(phone)?.['balance_minor'] ?? AMPLE_BALANCE_MINOR);
  }

  addMessage({ phone, operator, text, code, sent_at }: MessageRow): void {
    this.#sql.addMessage.run(phone, operator, text, code, sent_at);
  }

  /** The newest texts of a number, newest first. */
  messages(phone: string): MessageRow[] {
    return this.#sql.messages.all(phone, MESSAGES_SHOWN) as unknown as MessageRow[];
  }

  addNotice(notice: Omit<NoticeRow, 'seq' | 'tries'>): NoticeRow {
    const { sink, token, token_expires_at, body, created_at, next_at } = notice;
    const values = [sink, token, token_expires_at, body, created_at, next_at];
    const added = this.#sql.addNotice.run(...values);
    return { ...notice, seq: Number(added.lastInsertRowid), tries: 0 };
  }

  dueNotices(now: number, limit: number): NoticeRow[] {
    return this.#sql.dueNotices.all(now, limit) as unknown as NoticeRow[];
  }

  deferNotice(seq: number, tries: number, nextAt: number): void {
    this.#sql.deferNotice.run(tries, nextAt, seq);
  }

  dropNotices(seqs: readonly number[]): void {
    this.write(() => seqs.forEach((seq) => this.#sql.dropNotice.run(seq)));
  }

  /** After a start every owed notice is due at once. */
  hastenNotices(now: number): void {
    this.#sql.hastenNotices.run(now);
  }

  /** When something is due next, or `otherwise`. */
  nextDueAt(otherwise: number): number {
    return Number(this.#sql.nextDue.get(otherwise)?.['at']);
  }

  /** Counts one more call under `key` and answers how many it makes. */
  countFault(key: string): number {
    return Number(this.#sql.countFault.get(key)?.['n']);
  }

  faultCount(key: string): number {
    return Number(this.#sql.faultCount.get(key)?.['n'] ?? 0);
  }
}
