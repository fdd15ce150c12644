/** The store's tables. Times are milliseconds since the epoch, amounts minor units. */
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS secrets (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS payments (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  correlator TEXT UNIQUE,
  reference TEXT NOT NULL,
  phone TEXT NOT NULL,
  operator TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  charged_minor INTEGER CHECK (charged_minor > 0),
  currency TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  paid_at INTEGER,
  sink TEXT,
  sink_token TEXT,
  sink_token_expires_at INTEGER,
  denial_code TEXT,
  denial_reason TEXT,
  authorization_id TEXT,
  code_digest BLOB,
  code_expires_at INTEGER,
  next_resend_at INTEGER,
  attempts_left INTEGER NOT NULL,
  wrong_attempts INTEGER NOT NULL,
  resends_left INTEGER NOT NULL,
  reservation_expires_at INTEGER,
  due TEXT,
  due_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS payments_due ON payments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS refunds (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  payment_id TEXT NOT NULL,
  correlator TEXT UNIQUE,
  reference TEXT NOT NULL,
  type TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  description TEXT,
  reason TEXT,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  refunded_at INTEGER,
  sink TEXT,
  sink_token TEXT,
  sink_token_expires_at INTEGER,
  denial_code TEXT,
  denial_reason TEXT,
  due_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS refunds_payment ON refunds (payment_id);
CREATE INDEX IF NOT EXISTS refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS ledger (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
  entry_id TEXT NOT NULL,
  reference TEXT NOT NULL,
  correlator TEXT,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (kind, entry_id)
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_reference ON ledger (reference);

CREATE TABLE IF NOT EXISTS balances (
  phone TEXT PRIMARY KEY,
  balance_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY,
  phone TEXT NOT NULL,
  operator TEXT NOT NULL,
  text TEXT NOT NULL,
  code TEXT NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone);

CREATE TABLE IF NOT EXISTS notices (
  seq INTEGER PRIMARY KEY,
  sink TEXT NOT NULL,
  token TEXT,
  token_expires_at INTEGER,
  body TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS notices_next ON notices (next_at);

CREATE TABLE IF NOT EXISTS fault_counts (
  key TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
