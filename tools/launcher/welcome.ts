import { Rocketpay } from '../../packages/sdk/src/index.ts';
import { defaultHost, type LauncherConfig, settings, urlsOf } from './config.ts';

/** The sandbox's ready-made project, and a subscriber of the simulator without any peculiarity. */
export const sandboxProject = {
  id: 1234,
  secret: 'test-secret',
  callbackSecret: 'whsec_cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=',
};
export const samplePhone = '77071234567';

/** What `npm start` prints once all is up. */
export function welcome(config: LauncherConfig, context: { top: string; tookMs: number; now: Date }): string {
  const { platform } = urlsOf(config);
  const health = `${platform}/health/ready`;
  const places = [
    ...(config.mode === 'sandbox' ? sandboxPlaces(config) : [['Platform', `${platform}    health: ${health}`]]),
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
  const { platform, simulator, shop } = urlsOf(config);
  return [
    ['Demo shop', `${shop}    buy something; the phone beside it shows the code`],
    ['Documentation', `${platform}/docs/`],
    ['Platform', `${platform}    health: ${platform}/health/ready`],
    ['Operators', `${simulator}    a phone: ${simulator}/phones/${samplePhone}    ledger: ${simulator}/ledger`],
    ['Project', `${sandboxProject.id}, secret ${sandboxProject.secret}`],
    ['', `callback secret ${sandboxProject.callbackSecret}`],
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
  return [
    '',
    'A first purchase on the Payment Page, whose code comes to the phone above:',
    '',
    `  ${pageLink(config, paymentId)}`,
    '',
    'Another by Gate, to paste into a second terminal:',
    '',
    `  cd ${quoted(top)}`,
    `  ${gate} sale ${paymentId}-gate; sleep 1`,
    `  ${gate} code ${paymentId}-gate; sleep 1`,
    `  ${gate} status ${paymentId}-gate`,
    `  ${gate} refund ${paymentId}-gate 25000`,
    '',
    '25000 is 250.00 KZT; `refund` without a sum returns all that is left.',
  ];
}

function defaultOf(name: string): string | undefined {
  return name.endsWith('_HOST') ? defaultHost : settings.find((setting) => setting.name === name)?.default;
}

function pageLink(config: LauncherConfig, paymentId: string): string {
  const { id: projectId, secret } = sandboxProject;
  const { page } = new Rocketpay({ projectId, secret, baseUrl: urlsOf(config).platform });
  return page.url({
    paymentId,
    paymentAmount: 100_000,
    paymentCurrency: 'KZT',
    customerId: 'customer_123',
    customerFirstName: 'John',
    customerLastName: 'Doe',
    customerEmail: 'johndoe@example.com',
    customerPhone: samplePhone,
    forcePaymentMethod: 'mobile',
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
