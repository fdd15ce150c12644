import { signMessage } from '../../packages/contract/src/signature.ts';
import { defaultHost, type LauncherConfig, settings, urlsOf } from './config.ts';

/** The sandbox's ready-made project, and a subscriber of the simulator without any peculiarity. */
export const sandboxProject = { id: 1234, secret: 'test-secret' };
export const samplePhone = '77071234567';

/** What `npm start` prints once all is up. */
export function welcome(config: LauncherConfig, context: { top: string; tookMs: number; now: Date }): string {
  const { platform } = urlsOf(config);
  const places = [
    ['Platform', `${platform}    health: ${platform}/health/ready`],
    ...(config.mode === 'sandbox' ? sandboxPlaces(config) : []),
    ['Data', config.databaseUrl === undefined ? config.dataDir : `${config.dataDir}, and the database of DATABASE_URL`],
  ];
  const lines = [
    `Rocketpay (${config.mode}) is up, after ${(context.tookMs / 1000).toFixed(1)} s.`,
    '',
    ...places.map(([name, place]) => `  ${`${name}`.padEnd(15)}${place}`),
    ...(config.mode === 'sandbox' ? firstPurchase(config, context.top, context.now) : []),
    '',
    'Ctrl-C stops everything. The next npm start goes on with the same data.',
  ];
  return lines.join('\n');
}

function sandboxPlaces(config: LauncherConfig): string[][] {
  const { simulator, shop } = urlsOf(config);
  return [
    ['Demo merchant', shop],
    ['Operators', `${simulator}    a phone's screen: ${simulator}/phones/${samplePhone}`],
    ['Their ledger', `${simulator}/ledger`],
    ['Project', `${sandboxProject.id}, secret ${sandboxProject.secret}`],
  ];
}

function firstPurchase(config: LauncherConfig, top: string, now: Date): string[] {
  const paymentId = `first-${now.toISOString().slice(0, 19).replaceAll(/\D/g, '')}`;
  const places = {
    PLATFORM_HOST: config.platformHost,
    PORT: config.port,
    SIMULATOR_HOST: config.simulatorHost,
    SIMULATOR_PORT: config.simulatorPort,
  };
  const given = Object.entries(places).filter(([name, value]) => String(value) !== defaultOf(name));
  const gate = [...given.map(([name, value]) => `${name}=${value}`), 'node_modules/.bin/node tools/gate.ts'].join(' ');
  const { platform, simulator } = urlsOf(config);
  return [
    '',
    'A first purchase, to paste into another terminal. The payer is asked for a code, which the sandbox shows you:',
    '',
    `  cd ${quoted(top)}`,
    `  curl -s ${inShell(platform)}/v2/payment/mobile/sale -H 'content-type: application/json' -d ${quoted(
      JSON.stringify(signedSale(paymentId)),
    )}`,
    `  sleep 1; curl -s ${inShell(simulator)}/phones/${samplePhone}/messages`,
    `  ${gate} code ${paymentId}`,
    `  sleep 1; ${gate} status ${paymentId}`,
    `  ${gate} refund ${paymentId} 25000`,
    '',
    '`code` signs and sends the newest code, or the one given after the id. `refund` without a sum',
    'returns all that is left. 25000 is 250.00 KZT.',
  ];
}

function defaultOf(name: string): string | undefined {
  return name.endsWith('_HOST') ? defaultHost : settings.find((setting) => setting.name === name)?.default;
}

function signedSale(paymentId: string): object {
  const body = {
    general: { project_id: sandboxProject.id, payment_id: paymentId },
    customer: {
      id: 'customer_123',
      ip_address: '198.51.100.47',
      first_name: 'John',
      last_name: 'Doe',
      email: 'johndoe@example.com',
    },
    account: { number: samplePhone },
    payment: { amount: 100_000, currency: 'KZT' },
  };
  return { ...body, general: { ...body.general, signature: signMessage(body, sandboxProject.secret) } };
}

/** Some shells take the brackets of an IPv6 address for a pattern. */
function inShell(url: string): string {
  return url.includes('[') ? quoted(url) : url;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
