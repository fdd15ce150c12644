import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { type Merchant, paths, refused, taken } from './merchant.ts';
import { wrongCode } from './operator.ts';
import { freePorts } from './ports.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';
import { Wiretap } from './wiretap.ts';

let stage: Stage;
let wiretap: Wiretap;
const cleanup = new AsyncDisposableStack();
before(async () => {
  const [port = 0] = await freePorts(1);
  wiretap = cleanup.use(await Wiretap.open(port));
  stage = cleanup.use(await Stage.set({ SIMULATOR_PORT: String(port), PROVIDER_URL: wiretap.url }));
});
after(() => cleanup.disposeAsync());

/** Many connections, so that the requests really are on their way at once. */
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
after(() => agent.destroy());

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    call.on('error', reject);
    call.end(body);
  });
}

function atOnce(count: number, path: string, body: string): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => post(`${stage.sandbox.platform}${path}`, body)));
}

const signedCode = (merchant: Merchant, paymentId: string, code: string): string =>
  merchant.signed(merchant.codeBody(paymentId, code));

describe('once', { concurrency: true }, () => {
  test('a thousand identical sales at once are one payment and one call at the operator', async () => {
    const { merchant, operator, endpoint } = stage;
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const inbox = endpoint.inbox(paymentId);
    const body = merchant.signed(merchant.saleBody({ paymentId, phone, callbackUrl: inbox.url }));
    const answers = await atOnce(1_000, paths.sale, body);
    assert.equal(new Set(answers).size, 1, 'the answers are equal byte for byte');
    assert.match(answers[0] ?? '', /^200 \{"status":"success"/);

    await taken(
      merchant.code(
        paymentId,
        (await inbox.take(1, 'awaiting clarification')) && (await operator.code(phone, paymentId)),
      ),
      paymentId,
    );
    const paid = await inbox.take(2, 'success');
    assert.equal(
      `200 ${JSON.stringify({ status: 'success', request_id: paid.operation.request_id, project_id: 1234, payment_id: paymentId })}`,
      answers[0],
    );
    assert.equal((await operator.messages(phone, paymentId)).length, 1);
    assert.deepEqual(await operator.moved(paymentId), [100_000]);
    assert.equal((await merchant.status(paymentId)).operations.length, 1);
    assert.equal(inbox.received.length, 2);
    const again = await post(`${stage.sandbox.platform}${paths.sale}`, body);
    assert.equal(again, answers[0], 'also after its end');
    assert.equal(wiretap.prepares(paymentId), 1, 'the operator is called once');
  });

  test('a hundred different sales under one id at once: one is taken', async () => {
    const { merchant, operator } = stage;
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const bodies = Array.from({ length: 100 }, (_, at) => merchant.saleBody({ paymentId, phone, amount: 1_000 + at }));
    const answers = await Promise.all(bodies.map((body) => merchant.send(paths.sale, body)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    for (const no of answers.filter((answer) => answer.status !== 200)) {
      await refused(no, '3041 general.payment_id unique');
    }
    await operator.code(phone, paymentId);
    assert.equal((await operator.messages(phone, paymentId)).length, 1);
    assert.equal(wiretap.prepares(paymentId), 1);
  });

  test('an id is the same in small and capital letters, and keeps the first spelling', async () => {
    const { merchant, endpoint, operator } = stage;
    const paymentId = `Заказ-Straße-${newPaymentId()}`;
    const phone = newPhone();
    const inbox = endpoint.inbox(paymentId);
    await taken(merchant.sale({ paymentId, phone, callbackUrl: inbox.url }), paymentId);
    const other = { paymentId: paymentId.toUpperCase().replace('STRASSE', 'STRAßE'), phone, callbackUrl: inbox.url };
    await refused(merchant.sale(other), '3041 general.payment_id unique');
    await inbox.take(1, 'awaiting clarification');
    await taken(merchant.code(other.paymentId, await operator.code(phone, paymentId)), other.paymentId);
    const paid = await inbox.take(2, 'success');
    assert.equal(paid.payment.id, paymentId);
    assert.equal((await merchant.status(other.paymentId)).payment.id, paymentId);
  });

  test('members in another order are the same sale', async () => {
    const { merchant } = stage;
    const body = merchant.saleBody({ paymentId: newPaymentId(), phone: newPhone() });
    const first = await merchant.send(paths.sale, body);
    const { general, ...rest } = body;
    const turned = Object.fromEntries(Object.entries(rest).toReversed());
    const second = await merchant.send(paths.sale, { ...turned, general });
    assert.equal(second.status, 200);
    assert.equal(second.text, first.text);
  });

  test('the right code a hundred times at once is one answer and one charge', async () => {
    const { merchant, operator } = stage;
    // Validation takes a while to be answered, so that all of them meet it.
    const { paymentId, code, inbox } = await stage.awaitingCode({ phone: '77000000406' });
    const answers = await atOnce(100, paths.code, signedCode(merchant, paymentId, code));
    const yes = answers.filter((answer) => answer.startsWith('200 '));
    assert.equal(new Set(yes).size, 1, 'all that are taken get the first answer');
    for (const no of answers.filter((answer) => !answer.startsWith('200 '))) assert.match(no, /^400 .*"3060"/);
    await inbox.take(2, 'success');
    assert.deepEqual(await operator.moved(paymentId), [100_000]);
  });

  test('the same wrong code repeated at once costs one attempt', async () => {
    const { merchant } = stage;
    const { paymentId, code, inbox } = await stage.awaitingCode();
    const answers = await atOnce(3, paths.code, signedCode(merchant, paymentId, wrongCode(code)));
    const wrong = await inbox.take(2, 'awaiting clarification');
    const takenOnes = new Set(answers.filter((answer) => answer.startsWith('200 ')));
    assert.ok(takenOnes.size >= 1);
    // A repeat that comes after the operator's answer is a new try; those during it are not.
    assert.ok((wrong.clarification_info?.attempts_left ?? 0) >= 5 - takenOnes.size);
  });

  test('two resends at once send one code', async () => {
    const { merchant, operator } = stage;
    // The operator allows one: however long the burst takes, there is no time for a second.
    const { paymentId, phone, inbox } = await stage.awaitingCode({ phone: '77000000213' });
    const answers = await eventually('a burst of resends of which one is taken', async () => {
      const burst = await Promise.all(Array.from({ length: 10 }, () => merchant.resend(paymentId)));
      return burst.some((answer) => answer.status === 200) && burst;
    });
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    const resent = await inbox.take(2, 'awaiting clarification');
    assert.equal(resent.clarification_info?.resends_left, 0);
    assert.equal((await operator.messages(phone, paymentId)).length, 2);
  });
});
