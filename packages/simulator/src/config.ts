import { join } from 'node:path';

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly otpTtlSeconds: number;
  readonly reservationTtlSeconds: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly latencyMs: number;
  readonly logLevel: string;
}

interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  /** Says what is wrong with a value, or nothing. */
  readonly fault: (value: string) => string | undefined;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

function wholeNumber(least: number, most: number) {
  return (value: string) => {
    const number = Number(value);
    return /^\d{1,9}$/.test(value) && number >= least && number <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
  };
}

function text(most: number) {
  return (value: string) =>
    value.length <= most && !/\p{Cc}/u.test(value)
      ? undefined
      : `must be at most ${most} characters, none of them a control character`;
}

/** Every setting of the simulator, for the reader of the environment and for the generated page. */
export const SETTINGS = [
  {
    name: 'SIMULATOR_PORT',
    default: '8090',
    meaning: 'Port of the simulator; 0 takes a free one',
    fault: wholeNumber(0, 65_535),
  },
  {
    name: 'SIMULATOR_HOST',
    default: '127.0.0.1',
    meaning: 'Address the simulator listens on',
    fault: text(255),
  },
  {
    name: 'DATA_DIR',
    default: '.data',
    meaning: 'Folder for data; the simulator keeps its store in `simulator/` below it',
    fault: text(4096),
  },
  {
    name: 'OTP_TTL_SECONDS',
    default: '80',
    meaning: "Life of a code in the operators' profiles, seconds",
    fault: wholeNumber(1, 600),
  },
  {
    name: 'RESERVATION_TTL_SECONDS',
    default: '600',
    meaning: 'Life of an unconfirmed reservation, seconds from `reserved`',
    fault: wholeNumber(1, 86_400),
  },
  {
    name: 'SIMULATOR_CLIENT_ID',
    default: 'rocketpay',
    meaning: 'OAuth2 client id the operator API accepts',
    fault: text(255),
  },
  {
    name: 'SIMULATOR_CLIENT_SECRET',
    default: 'simulator-secret',
    meaning: 'OAuth2 client secret the operator API accepts',
    fault: text(255),
  },
  {
    name: 'SIMULATOR_LATENCY_MS',
    default: '0',
    meaning: 'Added to every answer of the operator API, milliseconds',
    fault: wholeNumber(0, 60_000),
  },
  {
    name: 'LOG_LEVEL',
    default: 'warn',
    meaning: `Least severe line that is logged: ${LOG_LEVELS.join(', ')}`,
    fault: (value) => (LOG_LEVELS.includes(value) ? undefined : `must be one of ${LOG_LEVELS.join(', ')}`),
  },
] as const satisfies readonly Setting[];

type Name = (typeof SETTINGS)[number]['name'];
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings, or every fault found in the environment. An empty variable counts as unset. */
export function readSettings(environment: Environment): Settings | { faults: string[] } {
  const value = (name: Name): string =>
    environment[name] || (SETTINGS.find((setting) => setting.name === name)?.default ?? '');
  const faults = SETTINGS.flatMap(({ name, fault }) => {
    const found = fault(value(name));
    return found === undefined ? [] : [`${name} ${found}`];
  });
  if (faults.length > 0) return { faults };
  return {
    port: Number(value('SIMULATOR_PORT')),
    host: value('SIMULATOR_HOST'),
    dataDir: value('DATA_DIR'),
    otpTtlSeconds: Number(value('OTP_TTL_SECONDS')),
    reservationTtlSeconds: Number(value('RESERVATION_TTL_SECONDS')),
    clientId: value('SIMULATOR_CLIENT_ID'),
    clientSecret: value('SIMULATOR_CLIENT_SECRET'),
    latencyMs: Number(value('SIMULATOR_LATENCY_MS')),
    logLevel: value('LOG_LEVEL'),
  };
}

/** The folder of the simulator's own store. */
export function storeFolder(settings: Settings): string {
  return join(settings.dataDir, 'simulator');
}

/** Reads this process's environment; the only place that does. */
export function settingsOfProcess(): Settings | { faults: string[] } {
  return readSettings(process.env);
}
