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

/** A pool of connections whose sessions are durable whatever the server's default is: acknowledged means on disk. */
export function createPool({ databaseUrl, maxConnections, onError }: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
    options:
      '-c synchronous_commit=on -c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000',
    application_name: 'rocketpay',
  });
  pool.on('error', onError);
  return pool;
}
