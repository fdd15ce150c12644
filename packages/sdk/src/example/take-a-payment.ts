import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { argv, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Rocketpay } from '@rocketpay/sdk';

const [, , baseUrl = 'http://127.0.0.1:8080', phone = '77071234567', callbackUrl = 'http://127.0.0.1:8071'] = argv;
const rocketpay = new Rocketpay({ projectId: 1234, secret: 'test-secret', baseUrl });
const payer = createInterface(stdin, stdout);
const handle = rocketpay.callbacks.node(async ({ kind, payment: { id: paymentId, sum } }) => {
  if (kind === 'code_wanted') void payer.question('Code: ').then((code) => rocketpay.submitCode({ paymentId, code }));
  else console.log(kind, sum);
});
createServer(handle).listen(Number(new URL(callbackUrl).port));
const customer = { id: 'c-1', ipAddress: '198.51.100.47', firstName: 'John', lastName: 'Doe', email: 'jd@x.example' };
await rocketpay.sale({ paymentId: randomUUID(), amountMinor: 100_000, currency: 'KZT', phone, customer, callbackUrl });
