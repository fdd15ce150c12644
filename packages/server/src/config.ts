import { isAbsolute, resolve } from 'node:path';
import { normalNetwork } from './networks.ts';

/** One setting of the environment, as the generated page lists it. */
export interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

export type Mode = 'sandbox' | 'production';

export interface Config {
  readonly mode: Mode;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Null: the platform starts a PostgreSQL of its own in the data folder. */
  readonly databaseUrl: string | null;
  readonly databaseConnections: number;
  /** Null: made at the first start and kept in the data folder. */
  readonly masterKey: Buffer | null;
  readonly publicUrl: string;
  readonly provider: 'camara' | 'saiga';
  readonly providerUrl: string;
  readonly providerClientId: string;
  readonly providerClientSecret: string;
  readonly operatorCalls: number;
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
  readonly sandboxCallbackUrl: string | null;
  /** Networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly callbackAllowedNetworks: readonly string[];
  readonly callbackTimeoutMs: number;
  readonly codeLifeMs: number;
  readonly clarificationWaitMs: number;
  readonly prepareDeadlineMs: number;
  readonly thresholdMs: number;
  readonly sweepEveryMs: number;
  readonly pageLimits: {
    readonly windowMs: number;
    readonly perNumber: number;
    readonly perAddress: number;
    readonly perProject: number;
  };
  readonly logLevel: string;
  /** Whether `/docs/` and `/openapi.json` are served. */
  readonly docs: boolean;
}

/** All the platform's settings; each is checked at start, and every fault is told at once. */
export const settings = [
  {
    name: 'MODE',
    default: 'sandbox',
    meaning: '`sandbox` or `production`; production has no sandbox project, and its well-known secret opens nothing',
  },
  { name: 'PLATFORM_HOST', default: '127.0.0.1', meaning: 'Address the platform listens on' },
  { name: 'PORT', default: '8080', meaning: 'Port of the platform' },
  { name: 'DATA_DIR', default: '.data', meaning: 'Folder for PostgreSQL and keys; may hold other files' },
  { name: 'DATABASE_URL', default: '', meaning: 'PostgreSQL to use; without it one is started in DATA_DIR' },
  { name: 'DATABASE_CONNECTIONS', default: '10', meaning: 'Most connections of one process to the database' },
  {
    name: 'MASTER_KEY',
    default: '',
    meaning: '32 bytes in base64 that encrypt secrets at rest; without it one is made and kept in DATA_DIR',
  },
  {
    name: 'PUBLIC_URL',
    default: 'http://127.0.0.1:<PORT>',
    meaning: 'The platform’s own address as the operator reaches it',
  },
  {
    name: 'PROVIDER',
    default: 'camara',
    meaning: 'Adapter that reaches the operators: `camara`, or `saiga`, the example of the adapter guide',
  },
  { name: 'PROVIDER_URL', default: 'http://127.0.0.1:8090', meaning: 'Base URL of the operator’s API' },
  {
    name: 'PROVIDER_CLIENT_ID',
    default: 'rocketpay',
    meaning: 'Client id at the provider: OAuth2’s for `camara`, the merchant for `saiga`',
  },
  { name: 'PROVIDER_CLIENT_SECRET', default: 'simulator-secret', meaning: 'Client secret at the provider' },
  {
    name: 'OPERATOR_CALLS',
    default: '128',
    meaning: 'Most calls of one process to one operator at a time; half of them for new sales',
  },
  {
    name: 'BREAKER_FAILURES',
    default: '5',
    meaning:
      'Unanswered or failed calls to an operator within a minute, in a row or half of all, that stop its new sales',
  },
  {
    name: 'BREAKER_OPEN_SECONDS',
    default: '30',
    meaning: 'How long they stay stopped before some are let through to try; longer after each try that failed',
  },
  {
    name: 'SANDBOX_CALLBACK_URL',
    default: '',
    meaning: 'Where the sandbox project’s callbacks go unless a request says otherwise',
  },
  {
    name: 'TRUSTED_PROXIES',
    default: '',
    meaning:
      'Proxies that are believed when `X-Forwarded-For` says whom they speak for, as addresses or CIDRs separated by commas',
  },
  {
    name: 'CALLBACK_ALLOWED_NETWORKS',
    default: '127.0.0.0/8,::1/128 (sandbox), none (production)',
    meaning: 'Private networks callbacks may reach, as CIDRs separated by commas',
  },
  { name: 'CALLBACK_TIMEOUT_SECONDS', default: '10', meaning: 'Longest attempt to deliver one callback' },
  {
    name: 'OTP_TTL_SECONDS',
    default: '80',
    meaning: 'The code’s life: when a resend is allowed where the operator does not say',
  },
  {
    name: 'CLARIFICATION_WAIT_SECONDS',
    default: '1800',
    meaning: 'How long a code may be waited for; restarted by every accepted and every resent code',
  },
  {
    name: 'PREPARE_DEADLINE_SECONDS',
    default: '90',
    meaning: 'No answer of the operator to the first call by then: the payment is declined',
  },
  {
    name: 'THRESHOLD_SECONDS',
    default: '3600',
    meaning: 'The longest a payment may stay open before its confirmation',
  },
  {
    name: 'PAGE_STARTS_WINDOW_SECONDS',
    default: '600',
    meaning: 'How far back the Payment Page’s limits look; the three resends of a running payment never count',
  },
  {
    name: 'PAGE_STARTS_PER_NUMBER',
    default: '0 (sandbox), 6 (production)',
    meaning: 'First codes that pages may have sent to one number within the window; 0: no limit',
  },
  {
    name: 'PAGE_STARTS_PER_ADDRESS',
    default: '0 (sandbox), 60 (production)',
    meaning: 'The same for one address of payers; a mobile network shares few among many',
  },
  {
    name: 'PAGE_STARTS_PER_PROJECT',
    default: '0',
    meaning: 'The same for all payers of one project',
  },
  { name: 'SWEEP_INTERVAL_MS', default: '250', meaning: 'How often overdue work is looked for' },
  { name: 'DOCS', default: 'on', meaning: '`off`: no `/docs/` and no `/openapi.json`' },
  { name: 'LOG_LEVEL', default: 'info', meaning: '`debug`, `info`, `warn` or `error`' },
] as const satisfies readonly Setting[];

type SettingName = (typeof settings)[number]['name'];

/** `warnings` name what a production start runs without, so that nobody takes it for complete. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads every setting from the environment and tells all faults at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): ConfigResult {
  const faults: string[] = [];
  const warnings: string[] = [];

  function raw(name: SettingName): string {
    const given = environment[name];
    if (given !== undefined && given !== '') return given;
    return settings.find((setting) => setting.name === name)?.default ?? '';
  }
  function choice<const Value extends string>(name: SettingName, values: readonly Value[]): Value {
    const value = raw(name);
    const found = values.find((each) => each === value);
    if (found === undefined) faults.push(`${name} is "${value}"; expected one of ${values.join(', ')}`);
    return found ?? (values[0] as Value);
  }
  function integer(name: SettingName, least: number, most: number): number {
    const value = raw(name);
    const number = /^[0-9]{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    faults.push(`${name} is "${value}"; expected a whole number from ${least} to ${most}`);
    return least;
  }
  function url(name: SettingName, value: string, protocols: readonly string[]): string {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    if (!parsed || !protocols.includes(parsed.protocol)) {
      // The value may hold a password, so it is not repeated.
      faults.push(`${name} is not a URL that starts with ${protocols.map((each) => `${each}//`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  }

  const mode = choice('MODE', ['sandbox', 'production']);
  const production = mode === 'production';
  const given = (name: SettingName): boolean => (environment[name] ?? '') !== '';
  const wantInProduction = (name: SettingName, why: string): void => {
    if (production && !given(name)) warnings.push(`${name} is not set: ${why}`);
  };

  const port = integer('PORT', 0, 65_535);
  const masterKey = given('MASTER_KEY') ? Buffer.from(raw('MASTER_KEY'), 'base64') : null;
  if (masterKey && masterKey.length !== 32) faults.push('MASTER_KEY is not 32 bytes in base64');
  wantInProduction('MASTER_KEY', 'a key is made and kept in DATA_DIR, beside the data it protects');
  wantInProduction('PUBLIC_URL', 'the operator cannot reach this machine to give notice, and is asked instead');
  wantInProduction('PROVIDER_URL', 'no operator is connected');
  wantInProduction('PROVIDER_CLIENT_SECRET', 'no operator will accept the default');

  const trustedProxies = raw('TRUSTED_PROXIES')
    .split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '')
    .map((network) => {
      const normal = normalNetwork(network);
      if (normal === null)
        faults.push(`TRUSTED_PROXIES has "${network}"; expected an address or a CIDR such as 10.0.0.0/8`);
      return normal ?? '';
    });

  const dataDir = raw('DATA_DIR');
  const networks = given('CALLBACK_ALLOWED_NETWORKS')
    ? raw('CALLBACK_ALLOWED_NETWORKS')
        .split(',')
        .map((network) => network.trim())
    : production
      ? []
      : ['127.0.0.0/8', '::1/128'];
  for (const network of networks) {
    if (!/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/.test(network))
      faults.push(`CALLBACK_ALLOWED_NETWORKS has "${network}"; expected a CIDR such as 10.0.0.0/8`);
  }
  const web = ['http:', 'https:'];
  /** Codes, phone numbers and keys go over these: in the clear only within this machine. */
  function link(name: SettingName, value: string): string {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    const local = parsed !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(parsed.hostname);
    return url(name, value, production && !local ? ['https:'] : web);
  }
  const publicUrl = given('PUBLIC_URL') ? raw('PUBLIC_URL') : `http://127.0.0.1:${port}`;

  const config: Config = {
    mode,
    host: raw('PLATFORM_HOST'),
    port,
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(dataDir),
    databaseUrl: given('DATABASE_URL') ? url('DATABASE_URL', raw('DATABASE_URL'), ['postgres:', 'postgresql:']) : null,
    databaseConnections: integer('DATABASE_CONNECTIONS', 3, 1_000),
    masterKey,
    publicUrl: link('PUBLIC_URL', publicUrl),
    provider: choice('PROVIDER', ['camara', 'saiga']),
    providerUrl: link('PROVIDER_URL', raw('PROVIDER_URL')),
    providerClientId: raw('PROVIDER_CLIENT_ID'),
    providerClientSecret: raw('PROVIDER_CLIENT_SECRET'),
    operatorCalls: integer('OPERATOR_CALLS', 4, 10_000),
    breakerFailures: integer('BREAKER_FAILURES', 1, 1_000),
    breakerOpenMs: integer('BREAKER_OPEN_SECONDS', 1, 3_600) * 1_000,
    sandboxCallbackUrl: given('SANDBOX_CALLBACK_URL')
      ? url('SANDBOX_CALLBACK_URL', raw('SANDBOX_CALLBACK_URL'), web)
      : null,
    trustedProxies,
    callbackAllowedNetworks: networks,
    callbackTimeoutMs: integer('CALLBACK_TIMEOUT_SECONDS', 1, 60) * 1_000,
    codeLifeMs: integer('OTP_TTL_SECONDS', 1, 600) * 1_000,
    clarificationWaitMs: integer('CLARIFICATION_WAIT_SECONDS', 1, 86_400) * 1_000,
    prepareDeadlineMs: integer('PREPARE_DEADLINE_SECONDS', 1, 3_600) * 1_000,
    thresholdMs: integer('THRESHOLD_SECONDS', 1, 2_592_000) * 1_000,
    pageLimits: {
      windowMs: integer('PAGE_STARTS_WINDOW_SECONDS', 1, 86_400) * 1_000,
      perNumber: given('PAGE_STARTS_PER_NUMBER') ? integer('PAGE_STARTS_PER_NUMBER', 0, 1_000_000) : production ? 6 : 0,
      perAddress: given('PAGE_STARTS_PER_ADDRESS')
        ? integer('PAGE_STARTS_PER_ADDRESS', 0, 1_000_000)
        : production
          ? 60
          : 0,
      perProject: integer('PAGE_STARTS_PER_PROJECT', 0, 1_000_000),
    },
    sweepEveryMs: integer('SWEEP_INTERVAL_MS', 20, 10_000),
    docs: choice('DOCS', ['on', 'off']) === 'on',
    logLevel: choice('LOG_LEVEL', ['debug', 'info', 'warn', 'error']),
  };
  return faults.length > 0 ? { ok: false, faults } : { ok: true, config, warnings };
}
