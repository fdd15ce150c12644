export interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** Every setting of the demo merchant; the settings page is made from this list. */
export const settings: readonly Setting[] = [
  { name: 'SHOP_PORT', default: '8070', meaning: 'port of the demo merchant; 0 takes a free one' },
  { name: 'SHOP_HOST', default: '127.0.0.1', meaning: 'address the demo merchant listens on' },
  { name: 'DATA_DIR', default: '.data', meaning: 'folder for data; the orders lie in shop/orders.sqlite below it' },
  { name: 'GATE_URL', default: 'http://127.0.0.1:8080', meaning: 'where the demo merchant finds the platform' },
  {
    name: 'SIMULATOR_URL',
    default: 'http://127.0.0.1:8090',
    meaning: 'the operator simulator, for links to the simulated phones',
  },
  { name: 'SHOP_PROJECT_ID', default: '1234', meaning: 'project the demo merchant sells under' },
  { name: 'SHOP_SECRET', default: 'test-secret', meaning: 'secret of that project' },
  {
    name: 'SHOP_CALLBACK_SECRET',
    default: 'whsec_cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=',
    meaning: 'secret of that project’s callbacks',
  },
  {
    name: 'SHOP_PAGE_KEY',
    default: 'encrypt_secret',
    meaning: 'key of that project’s encrypted links to the Payment Page; `none`: signed links',
  },
  { name: 'LOG_LEVEL', default: 'warn', meaning: 'least level that is logged: debug, info, warn or error' },
];

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly gateUrl: string;
  readonly simulatorUrl: string;
  readonly projectId: number;
  readonly secret: string;
  readonly callbackSecret: string;
  /** Absent: the project has none. */
  readonly pageKey?: string;
  readonly logLevel: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];
const LARGEST_PROJECT_ID = 4_294_967_295;
const LARGEST_PAGE_KEY_BYTES = 32;

/** Reads and checks every setting, and reports all faults together. A fault never repeats a secret. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): ConfigResult {
  const faults: string[] = [];
  const text = (name: string): string => {
    const value = environment[name]?.trim();
    return value === undefined || value === ''
      ? (settings.find((setting) => setting.name === name)?.default ?? '')
      : value;
  };
  const integer = (name: string, least: number, most: number): number => {
    const value = text(name);
    const parsed = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (!(parsed >= least && parsed <= most))
      faults.push(`${name} must be an integer from ${least} to ${most}, not "${value}"`);
    return parsed;
  };
  const address = (name: string): string => {
    const value = text(name);
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
      faults.push(`${name} must be an http or https address, not "${value}"`);
    return value.replace(/\/+$/, '');
  };
  const logLevel = text('LOG_LEVEL');
  if (!LOG_LEVELS.includes(logLevel))
    faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${logLevel}"`);
  const callbackSecret = text('SHOP_CALLBACK_SECRET');
  if (!/^whsec_[A-Za-z0-9+/]{22,}={0,2}$/.test(callbackSecret))
    faults.push('SHOP_CALLBACK_SECRET must be whsec_ and at least 16 bytes in base64');
  const pageKey = text('SHOP_PAGE_KEY');
  if (Buffer.byteLength(pageKey) > LARGEST_PAGE_KEY_BYTES)
    faults.push(`SHOP_PAGE_KEY must have at most ${LARGEST_PAGE_KEY_BYTES} bytes`);
  const config: Config = {
    port: integer('SHOP_PORT', 0, 65_535),
    host: text('SHOP_HOST'),
    dataDir: text('DATA_DIR'),
    gateUrl: address('GATE_URL'),
    simulatorUrl: address('SIMULATOR_URL'),
    projectId: integer('SHOP_PROJECT_ID', 1, LARGEST_PROJECT_ID),
    secret: text('SHOP_SECRET'),
    callbackSecret,
    ...(pageKey !== 'none' && { pageKey }),
    logLevel,
  };
  return faults.length === 0 ? { ok: true, config } : { ok: false, faults };
}
