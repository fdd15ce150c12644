import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Secrets } from './endpoint.ts';
import { eventually } from './eventually.ts';
import { Merchant, paths, taken, type Answer, type Body } from './merchant.ts';
import { rocketpay } from './rocketpay.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

/** One tenge less than asked is charged: the sale stays in doubt until a person decides. */
const CHARGED_LESS = '77000000409';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

const run = <Said>(line: string, ...more: string[]): Promise<Said> => rocketpay<Said>(stage.sandbox, line, ...more);

interface Captured {
  readonly path: string;
  readonly body: string;
  readonly header: string;
}

/** The strict signature as the documentation describes it, made without any code of the platform. */
function capture(merchant: Merchant, secret: string, path: string, body: Body): Captured {
  const text = merchant.signed(body);
  const [t, nonce] = [Math.floor(Date.now() / 1_000), randomUUID()];
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'rocketpay-strict-v1', 32));
  const lines = ['POST', path, createHash('sha256').update(text).digest('hex'), `${t}`, nonce];
  const v1 = createHmac('sha256', key).update(lines.join('\n')).digest('hex');
  return { path, body: text, header: `t=${t},n=${nonce},v1=${v1}` };
}

const send = (merchant: Merchant, { path, body, header }: Captured): Promise<Answer> =>
  merchant.post(path, body, { 'x-rocketpay-signature': header });

const faultOf = ({ status, json }: Answer): string =>
  [status, json.errors?.[0]?.code ?? json.code, json.errors?.[0]?.field, json.errors?.[0]?.constraint].join(' ').trim();

test('a project made by the command buys in strict mode; what was captured of it moves nothing, also after kill -9', async () => {
  const { sandbox, operator, endpoint } = stage;
  const { projectId, ...secrets } = await run<{ projectId: number } & Secrets>('project create --name Strict');
  const { secret } = secrets;
  await run(`project set --project ${projectId} --strict on`);
  const merchant = new Merchant(sandbox.platform, projectId, secret);
  const [paymentId, phone] = [newPaymentId(), newPhone()];
  const inbox = endpoint.inbox(paymentId, secrets);
  const order = merchant.saleBody({ paymentId, phone, callbackUrl: inbox.url });
  const legacy = await eventually('the project is known', async () => {
    const answer = await merchant.send(paths.sale, order);
    return answer.json.errors?.[0]?.constraint === 'required' && answer;
  });
  assert.equal(faultOf(legacy), '400 3262 X-Rocketpay-Signature required');

  const strictly = (path: string, body: Body): Captured => capture(merchant, secret, path, body);
  await taken(send(merchant, strictly(paths.sale, order)), paymentId, projectId);
  await inbox.take(1, 'awaiting clarification', 20_000);
  const code = await operator.code(phone, paymentId);
  await taken(send(merchant, strictly(paths.code, merchant.codeBody(paymentId, code))), paymentId, projectId);
  await inbox.take(2, 'success', 30_000);

  const status = strictly(paths.status, merchant.general(paymentId));
  assert.equal((await send(merchant, status)).status, 200);
  const asRefund = { ...status, path: paths.refund };
  assert.equal(faultOf(await send(merchant, asRefund)), '400 3261 X-Rocketpay-Signature signature');
  assert.equal(faultOf(await merchant.post(asRefund.path, asRefund.body)), '400 3262 X-Rocketpay-Signature required');

  const payment = { amount: 100, currency: 'KZT' };
  const refund = strictly(paths.refund, { ...merchant.general(paymentId), payment });
  const first = await send(merchant, refund);
  await taken(first, paymentId, projectId);
  await inbox.take(3, 'partially refunded', 30_000);
  assert.equal((await send(merchant, refund)).text, first.text);
  await sandbox.kill9('platform');
  await sandbox.ended();
  await sandbox.start();
  assert.equal((await send(merchant, refund)).text, first.text);
  assert.deepEqual(await operator.moved(paymentId), [100_000, -100]);

  const legacyBuyer = await stage.paid();
  await taken(stage.merchant.refund(legacyBuyer.paymentId), legacyBuyer.paymentId);
  await legacyBuyer.inbox.take(3, 'refunded', 30_000);
});

test('a sale in doubt is settled by the command beside the running platform: the merchant hears of it at once', async () => {
  const { merchant } = stage;
  const { paymentId, inbox, code } = await stage.awaitingCode({ phone: CHARGED_LESS });
  await taken(merchant.code(paymentId, code), paymentId);
  interface Incident {
    readonly paymentId: string;
    readonly operationNo: number;
    readonly kind: string;
    readonly state: string;
  }
  const open = async (): Promise<Incident[]> =>
    (await run<Incident[]>('incident list --project 1234')).filter((one) => one.paymentId === paymentId);
  const [incident] = await eventually('the incident is there', async () => {
    const all = await open();
    return all.length > 0 && all;
  });
  assert.deepEqual([incident?.kind, incident?.state], ['charged_other_amount', 'confirming']);
  const named = `--project 1234 --payment ${paymentId} --operation 1 --as succeeded`;
  await run(`incident settle ${named}`, '--note', 'The operator’s letter of today');
  const told = await inbox.take(2, 'success', 10_000);
  assert.equal(told.payment.sum.amount, 100_000);
  assert.equal((await merchant.status(paymentId)).payment.status, 'success');
  assert.deepEqual(await open(), []);
  const [change] = await run<{ by: string; action: string; subject: string }[]>('changes list --limit 1');
  assert.deepEqual([change?.by, change?.action, change?.subject], ['Aigerim', 'incident settle', `${paymentId} 1`]);
});
