import { resolve } from 'node:path';
import { urlOf } from './addresses.ts';

export type Setting = { readonly name: string; readonly default: string; readonly meaning: string };

/** What `npm start` itself reads; everything else in the environment goes to the processes it starts. */
export const settings: readonly Setting[] = [
  { name: 'PORT', default: '8080', meaning: 'port of the platform' },
  { name: 'SIMULATOR_PORT', default: '8090', meaning: 'port of the operator simulator' },
  { name: 'SHOP_PORT', default: '8070', meaning: 'port of the demo merchant' },
  { name: 'DATA_DIR', default: '.data', meaning: 'folder for all data; other files in it are left alone' },
  {
    name: 'DATABASE_URL',
    default: '',
    meaning: 'PostgreSQL server and database to use; without it one is started, with its data in DATA_DIR/postgres',
  },
  {
    name: 'MODE',
    default: 'sandbox',
    meaning: '`sandbox`, or `production`: no simulator, no demo merchant, no ready-made project',
  },
];

/** The default of PLATFORM_HOST, SIMULATOR_HOST and SHOP_HOST, which belong to the processes that listen there. */
export const defaultHost = '127.0.0.1';

export type LauncherConfig = {
  mode: 'sandbox' | 'production';
  platformHost: string;
  port: number;
  simulatorHost: string;
  simulatorPort: number;
  shopHost: string;
  shopPort: number;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as unset. */
export function readLauncherConfig(environment: Environment): { config: LauncherConfig; faults: string[] } {
  const faults: string[] = [];
  const value = (name: string) =>
    environment[name]?.trim() || settings.find((setting) => setting.name === name)?.default || '';
  const port = (name: string) => {
    const text = value(name);
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > 65_535) faults.push(`${name} must be a port from 1 to 65535, not "${text}"`);
    return number;
  };
  const mode = value('MODE');
  if (mode !== 'sandbox' && mode !== 'production') faults.push(`MODE must be sandbox or production, not "${mode}"`);
  const databaseUrl = value('DATABASE_URL');
  if (databaseUrl !== '' && !/^postgres(ql)?:\/\/./.test(databaseUrl)) {
    faults.push('DATABASE_URL must begin with postgres://');
  }
  const config: LauncherConfig = {
    mode: mode === 'production' ? 'production' : 'sandbox',
    platformHost: value('PLATFORM_HOST') || defaultHost,
    port: port('PORT'),
    simulatorHost: value('SIMULATOR_HOST') || defaultHost,
    simulatorPort: port('SIMULATOR_PORT'),
    shopHost: value('SHOP_HOST') || defaultHost,
    shopPort: port('SHOP_PORT'),
    dataDir: resolve(value('DATA_DIR')),
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
  };
  const ports = [config.port, config.simulatorPort, config.shopPort];
  if (config.mode === 'sandbox' && faults.length === 0 && new Set(ports).size < ports.length) {
    faults.push(`PORT, SIMULATOR_PORT and SHOP_PORT must differ, they are ${ports.join(', ')}`);
  }
  return { config, faults };
}

/** Where each process is asked on this machine. */
export function urlsOf(config: LauncherConfig): { platform: string; simulator: string; shop: string } {
  return {
    platform: urlOf(config.platformHost, config.port),
    simulator: urlOf(config.simulatorHost, config.simulatorPort),
    shop: urlOf(config.shopHost, config.shopPort),
  };
}

/** The environment of the processes; what the user has set wins over what the launcher would set. */
export function childEnvironment(
  config: LauncherConfig,
  databaseUrl: string,
  environment: Environment,
): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  );
  const { platform, simulator, shop } = urlsOf(config);
  const sandbox = {
    PROVIDER_URL: simulator,
    PROVIDER_CLIENT_ID: own['SIMULATOR_CLIENT_ID'] ?? 'rocketpay',
    PROVIDER_CLIENT_SECRET: own['SIMULATOR_CLIENT_SECRET'] ?? 'simulator-secret',
    PUBLIC_URL: platform,
    SIMULATOR_URL: simulator,
    GATE_URL: platform,
    SANDBOX_CALLBACK_URL: `${shop}/callbacks`,
  };
  return {
    ...(config.mode === 'sandbox' ? sandbox : {}),
    ...own,
    MODE: config.mode,
    PLATFORM_HOST: config.platformHost,
    PORT: String(config.port),
    SIMULATOR_HOST: config.simulatorHost,
    SIMULATOR_PORT: String(config.simulatorPort),
    SHOP_HOST: config.shopHost,
    SHOP_PORT: String(config.shopPort),
    DATA_DIR: config.dataDir,
    DATABASE_URL: databaseUrl,
  };
}

/** The environment of this process; only the tools' own config reads it. */
export function processEnvironment(): Environment {
  return process.env;
}
