import type { Logger } from 'pino';

/** What rooms may log with. Never a secret, a code or a full phone number. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
