import { pino, type Logger } from 'pino';

/** What rooms may log with. Never a secret, a code or a full phone number. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string | undefined;
  readonly cause?: LoggedError;
}

/** An error without the members in which a database quotes the row it choked on. */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(cause !== undefined && { cause: loggedError(cause) }),
  };
}

/** The platform's log: one JSON line an entry, on standard output. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: loggedError } });
}
