import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CamaraSchemas } from './camara-schemas.ts';
import { eventually } from './eventually.ts';
import { taken } from './merchant.ts';
import { wrongCode } from './operator.ts';
import { freePorts } from './ports.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';
import { Wiretap } from './wiretap.ts';

test('what goes over the operator link is as CAMARA documents it, our extensions apart', async (t) => {
  const schemas = CamaraSchemas.read();
  if (!schemas) return t.skip('the documents of CAMARA are not beside this checkout');
  const [port = 0] = await freePorts(1);
  await using wiretap = await Wiretap.open(port);
  await using stage = await Stage.set({
    SIMULATOR_PORT: String(port),
    PROVIDER_URL: wiretap.url,
    CLARIFICATION_WAIT_SECONDS: '4',
    PREPARE_DEADLINE_SECONDS: '3',
  });
  const { merchant } = stage;

  const paid = async (): Promise<void> => {
    const { paymentId, inbox, code } = await stage.awaitingCode({ phone: newPhone() });
    await taken(merchant.code(paymentId, wrongCode(code)), paymentId);
    await inbox.take(2, 'awaiting clarification');
    await taken(merchant.code(paymentId, code), paymentId);
    await inbox.take(3, 'success');
    await taken(merchant.refund(paymentId, { amount: 40_000, currency: 'KZT' }), paymentId);
    await inbox.take(4, 'partially refunded');
  };
  const ended = async (phone: string, at = 1): Promise<void> => {
    const paymentId = newPaymentId();
    const inbox = stage.endpoint.inbox(paymentId);
    await taken(merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
    await inbox.take(at, 'decline', 20_000);
  };
  const resent = async (): Promise<void> => {
    const { paymentId, inbox } = await stage.awaitingCode({ phone: '77000000208' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await taken(merchant.resend(paymentId), paymentId);
    await inbox.take(2, 'awaiting clarification');
  };
  // A refusal of each kind, a look-up by correlator, a cancel after the payer's silence.
  const refused = ['77000000101', '77000000104', '77000000110', '77000000115', '77000000117', '77000000303'];
  await Promise.all([paid(), resent(), ended(newPhone(), 2), ...refused.map((phone) => ended(phone))]);
  const cancelled = () => wiretap.exchanges.some(({ path, status }) => path.endsWith('/cancel') && status === 202);
  await eventually('the unfinished one is cancelled', cancelled);

  const faults = new Set<string>();
  const known = new Set<string>();
  for (const exchange of wiretap.exchanges) {
    const found = schemas.faults(exchange);
    const what = `${exchange.method} ${exchange.path.split('?')[0]?.replace(/[0-9a-f-]{36}/, '{id}')} ${exchange.status}`;
    if (found === null || exchange.status >= 500) continue;
    known.add(what);
    for (const fault of found) faults.add(`${what}: ${fault}`);
  }
  assert.deepEqual([...faults], []);
  const root = '/carrier-billing/v0.5/payments';
  for (const what of [
    `POST ${root}/prepare 201`,
    `POST ${root}/prepare 403`,
    `POST ${root}/prepare 404`,
    `POST ${root}/prepare 409`,
    `POST ${root}/prepare 422`,
    `POST ${root}/{id}/validate 204`,
    `POST ${root}/{id}/validate 400`,
    `POST ${root}/{id}/confirm 202`,
    `POST ${root}/{id}/cancel 202`,
    `GET ${root} 200`,
    'POST /carrier-billing-refund/v0.3/payments/{id}/refunds 201',
  ])
    assert.ok(known.has(what), `${what} is among ${[...known].join(', ')}`);
});
