import { parseArgs } from 'node:util';
import { Rocketpay, RocketpayError } from '../packages/sdk/src/index.ts';
import { processEnvironment, readLauncherConfig, urlsOf } from './launcher/config.ts';
import { newestCode } from './launcher/newest-code.ts';
import { samplePhone, sandboxProject } from './launcher/welcome.ts';

const usage = `node_modules/.bin/node tools/gate.ts <call> ..., signed for the sandbox's project ${sandboxProject.id}:
  sale PAYMENT [PHONE] [MINOR_UNITS]   starts a purchase; 100000 is 1000.00 KZT
  code PAYMENT [CODE] [PHONE]          submits the code; without one, or with -, the newest sent for this payment
                                       to PHONE, which is ${samplePhone} unless given
  resend PAYMENT                       asks for a new code
  refund PAYMENT [MINOR_UNITS]         returns a part, or all that is left
  status PAYMENT                       what the platform knows
  operators                            the operators whose subscribers can pay`;

const given = readArguments();
const [call = '', paymentId = '', third, fourth] = given?.positionals ?? [];
const { config, faults } = readLauncherConfig(processEnvironment());
const urls = urlsOf(config);

const gate = new Rocketpay({
  projectId: sandboxProject.id,
  secret: sandboxProject.secret,
  baseUrl: urls.platform,
});

/** Undefined where an option is given that there is not. */
function readArguments(): { readonly positionals: string[]; readonly wantsHelp: boolean } | undefined {
  try {
    const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    return { positionals, wantsHelp: values.help };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

const calls: Record<string, () => Promise<unknown>> = {
  sale: () =>
    gate.sale({
      paymentId,
      phone: third ?? samplePhone,
      amountMinor: Number(fourth ?? 100_000),
      currency: 'KZT',
      customer: {
        id: 'customer_123',
        ipAddress: '198.51.100.47',
        firstName: 'John',
        lastName: 'Doe',
        email: 'johndoe@example.com',
      },
    }),
  code: async () => gate.submitCode({ paymentId, code: await codeToSend() }),
  resend: () => gate.resendCode({ paymentId, ipAddress: '198.51.100.47' }),
  refund: () =>
    gate.refund({
      paymentId,
      description: 'Refund.',
      ...(third === undefined ? {} : { amountMinor: Number(third), currency: 'KZT' }),
    }),
  status: async () => (await gate.status({ paymentId })).raw,
  operators: () => gate.operators(),
};

async function codeToSend(): Promise<string> {
  if (third !== undefined && third !== '-') return third;
  const phone = fourth ?? samplePhone;
  const answer = await fetch(`${urls.simulator}/phones/${encodeURIComponent(phone)}/messages`);
  const code = answer.ok ? newestCode(await answer.json(), paymentId) : undefined;
  if (code === undefined) throw new Error(`No code for ${paymentId} has been sent to ${phone}.`);
  return code;
}

async function main(): Promise<number> {
  if (given?.wantsHelp) {
    console.log(usage);
    return 0;
  }
  const chosen = Object.hasOwn(calls, call) ? calls[call] : undefined;
  if (!chosen || (paymentId === '' && call !== 'operators') || faults.length > 0) {
    console.error([...faults, usage].join('\n'));
    return 2;
  }
  try {
    console.log(JSON.stringify(await chosen(), null, 2));
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    if (error instanceof RocketpayError) for (const fault of error.errors) console.error(JSON.stringify(fault));
    return 1;
  }
}

process.exitCode = await main();
