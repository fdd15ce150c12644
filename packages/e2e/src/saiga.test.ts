import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { taken } from './merchant.ts';
import { OperatorView } from './operator.ts';
import { freePorts } from './ports.ts';
import { Started, temporaryFolder } from './started.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

/** The whole platform over the adapter of the guide's example, whose far side shares nothing with the operator link. */
const cleanup = new AsyncDisposableStack();
let stage: Stage;
let saiga: OperatorView;

before(async () => {
  const folder = cleanup.use(temporaryFolder());
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const program = 'packages/simulator/src/saiga/main.ts';
  const server = cleanup.use(new Started(program, [], folder.path, { SIMULATOR_PORT: String(port) }));
  await eventually('Saiga listens', () => server.output.includes('listening'));
  stage = cleanup.use(await Stage.set({ PROVIDER: 'saiga', PROVIDER_URL: url, PREPARE_DEADLINE_SECONDS: '3' }));
  saiga = new OperatorView(url);
});
after(() => cleanup.disposeAsync());

async function waiting(phone: string) {
  const paymentId = newPaymentId();
  const inbox = stage.endpoint.inbox(paymentId);
  await taken(stage.merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
  await inbox.take(1, 'awaiting clarification', 20_000);
  return { paymentId, inbox, code: await saiga.code(phone, paymentId) };
}

describe('through an adapter written by the guide', { concurrency: true }, () => {
  test('a purchase, a part given back, and the rest', async () => {
    const { merchant } = stage;
    const { paymentId, inbox, code } = await waiting(newPhone());
    await taken(merchant.code(paymentId, code), paymentId);
    const paid = await inbox.take(2, 'success', 20_000);
    assert.equal(paid.operation.provider.id, 2);
    await taken(merchant.refund(paymentId, { amount: 40_000, currency: 'KZT' }), paymentId);
    await inbox.take(3, 'partially refunded');
    await taken(merchant.refund(paymentId), paymentId);
    await inbox.take(4, 'refunded');
    assert.deepEqual(await saiga.moved(paymentId), [100_000, -40_000, -60_000]);
  });

  test('a wrong code may be corrected', async () => {
    const { merchant } = stage;
    const { paymentId, inbox, code } = await waiting(newPhone());
    const wrong = String((Number(code) + 1) % 10_000).padStart(4, '0');
    await taken(merchant.code(paymentId, wrong), paymentId);
    await inbox.take(2, 'awaiting clarification');
    await taken(merchant.code(paymentId, code), paymentId);
    await inbox.take(3, 'success', 20_000);
    assert.deepEqual(await saiga.moved(paymentId), [100_000]);
  });

  test('its own numbers: no money, a lost answer, no callback, 500', async () => {
    const declined = async (phone: string, code: string) => {
      const paymentId = newPaymentId();
      const inbox = stage.endpoint.inbox(paymentId);
      await taken(stage.merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
      assert.equal((await inbox.take(1, 'decline', 20_000)).operation.code, code);
      assert.deepEqual(await saiga.moved(paymentId), []);
    };
    const paid = async (phone: string) => {
      const { paymentId, inbox, code } = await waiting(phone);
      await taken(stage.merchant.code(paymentId, code), paymentId);
      await inbox.take(2, 'success', 30_000);
      assert.deepEqual(await saiga.moved(paymentId), [100_000]);
    };
    await Promise.all([
      declined('77071230001', '20105'),
      declined('77071230004', '20102'),
      declined('77071230003', '20602'),
      paid('77071230002'),
      paid('77071230005'),
    ]);
  });
});
