import pg from 'pg';

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** Reads bigint as a number (ours stay below 2^53) and timestamptz as epoch milliseconds. */
function typeParser(oid: number, format?: unknown): (value: string) => unknown {
  if (oid === INT8) return Number;
  if (oid === TIMESTAMPTZ) return (value) => Date.parse(value);
  return pg.types.getTypeParser(oid, format as 'text');
}

export interface PoolSettings {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  readonly onError: (error: Error) => void;
}

/**
 * Durable whatever the server's default is: acknowledged means on disk. All statements find rows by key, so one plan serves
 * every call, and no plan made while a table was small may read the whole of it later.
 */
const sessionSettings = [
  'synchronous_commit=on',
  'timezone=UTC',
  'statement_timeout=30000',
  'idle_in_transaction_session_timeout=30000',
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'jit=off',
];

/** A pool of connections to the platform's database. */
export function createPool({ databaseUrl, maxConnections, onError }: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
    options: sessionSettings.map((setting) => `-c ${setting}`).join(' '),
    application_name: 'rocketpay',
  });
  pool.on('error', onError);
  return pool;
}
