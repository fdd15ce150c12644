import { parseArgs } from 'node:util';
import { Rocketpay, RocketpayError } from '../packages/sdk/src/index.ts';
import { processEnvironment, readLauncherConfig } from './launcher/config.ts';
import { samplePhone, sandboxProject } from './launcher/welcome.ts';

const usage = `node tools/gate.ts <call> ..., signed for the sandbox's project ${sandboxProject.id}:
  sale PAYMENT [PHONE] [MINOR_UNITS]   starts a purchase; 100000 is 1000.00 KZT
  code PAYMENT [CODE]                  submits the code; without one, the newest sent to ${samplePhone}
  resend PAYMENT                       asks for a new code
  refund PAYMENT [MINOR_UNITS]         returns a part, or all that is left
  status PAYMENT                       what the platform knows
  operators                            the operators whose subscribers can pay`;

const { config, faults } = readLauncherConfig(processEnvironment());
const { positionals } = parseArgs({ allowPositionals: true });
const [call = '', paymentId = '', third, fourth] = positionals;

const gate = new Rocketpay({
  projectId: sandboxProject.id,
  secret: sandboxProject.secret,
  baseUrl: `http://127.0.0.1:${config.port}`,
});

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
  code: async () => gate.submitCode({ paymentId, code: third ?? (await newestCode()) }),
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

async function newestCode(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${config.simulatorPort}/phones/${samplePhone}/messages`);
  const messages = (await answer.json()) as { code?: string }[];
  const code = messages.find((message) => message.code)?.code;
  if (code === undefined) throw new Error(`No code has been sent to ${samplePhone}.`);
  return code;
}

async function main(): Promise<number> {
  const chosen = calls[call];
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
