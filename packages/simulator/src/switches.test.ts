import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAYMENTS, setStage, type Stage } from './test-kit/stage.ts';

const BEELINE = '77051234567';
const TELE2 = '77071234567';

async function prepared(world: Stage, phone: string): Promise<number> {
  return (await world.call('POST', `${PAYMENTS}/prepare`, world.prepareBody(phone))).status;
}

async function on(world: Stage, wish: object): Promise<number> {
  const { status, body } = await world.call('POST', '/control/switches', wish);
  assert.equal(status, 201, JSON.stringify(body));
  return Number(body['id']);
}

test('an operator is down for as long as was said, others are not', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare(BEELINE);
  await on(world, { operator: 'BEELINE', answer: 503, seconds: 120 });
  assert.equal(await prepared(world, BEELINE), 503);
  assert.equal(await prepared(world, TELE2), 201);
  assert.equal((await purchase.validate('00000')).status, 503);
  assert.equal((await world.call('GET', purchase.path())).status, 503);
  world.clock.advance(119_999);
  assert.equal(await prepared(world, BEELINE), 503);
  world.clock.advance(1);
  assert.equal(await prepared(world, BEELINE), 201);
  assert.deepEqual((await world.call('GET', '/control')).body['switches'], []);
});

test('an error status may be written as text', async (t) => {
  const world = await setStage(t);
  await on(world, { operator: 'BEELINE', answer: '503', seconds: 120 });
  assert.equal(await prepared(world, BEELINE), 503);
  const odd = await world.call('POST', '/control/switches', { operator: 'BEELINE', answer: '418', seconds: 120 });
  assert.deepEqual(odd.body['faults'], ['answer must be one of none, reset, garbage, 429, 500, 502, 503, 504']);
});

test('one call of one number fails, with or without its work done', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare(TELE2);
  await purchase.validate();
  const id = await on(world, { number: TELE2, call: 'confirm', answer: 504, seconds: 60, done: true });
  const refused = await purchase.confirm();
  assert.deepEqual([refused.status, refused.body['code']], [504, 'TIMEOUT']);
  assert.equal((await purchase.look())['paymentStatus'], 'succeeded');
  assert.equal((await world.call('DELETE', `/control/switches/${id}`)).status, 204);
  assert.equal((await world.call('DELETE', `/control/switches/${id}`)).status, 404);
  await on(world, { number: TELE2, call: 'prepare', answer: 'garbage', seconds: 60 });
  const garbage = await world.call('POST', `${PAYMENTS}/prepare`, world.prepareBody(TELE2));
  assert.equal(garbage.status, 200);
  assert.match(garbage.text, /^<!doctype html>/);
  assert.equal((await world.call('DELETE', '/control/switches')).status, 204);
  assert.equal(await prepared(world, TELE2), 201);
});

test('silence and a broken connection', async (t) => {
  const world = await setStage(t);
  await on(world, { number: TELE2, call: 'prepare', seconds: 60 });
  assert.equal(await world.hangs('POST', `${PAYMENTS}/prepare`, world.prepareBody(TELE2)), true);
  await on(world, { number: TELE2, call: 'prepare', answer: 'reset', seconds: 60 });
  await assert.rejects(prepared(world, TELE2));
});

test('what an outage kept from being made is not found after it, and not answered for while it lasts', async (t) => {
  const world = await setStage(t);
  await on(world, { operator: 'BEELINE', answer: 500, seconds: 10 });
  const body = world.prepareBody(BEELINE);
  assert.equal((await world.call('POST', `${PAYMENTS}/prepare`, body)).status, 500);
  const search = `${PAYMENTS}?clientCorrelator=${body.amountTransaction.clientCorrelator}`;
  assert.equal((await world.call('GET', search)).status, 500);
  world.clock.advance(10_000);
  assert.deepEqual(JSON.parse((await world.call('GET', search)).text), []);
});

test('notices that are switched off are never sent', async (t) => {
  const world = await setStage(t);
  await on(world, { operator: 'TELE2', call: 'notice', seconds: 60 });
  const silent = await world.prepare(TELE2);
  await silent.pay();
  const heard = await world.prepare(BEELINE);
  await heard.pay();
  await world.sink.until(1);
  await world.settle();
  assert.equal(world.sink.received.length, 1);
});

test('a wish that makes no sense is refused with everything that is wrong with it', async (t) => {
  const world = await setStage(t);
  const wish = {
    operator: 'MTS',
    number: '123',
    call: 'pay',
    answer: 418,
    percent: 0,
    seconds: 0,
    done: 'yes',
    mood: 1,
  };
  const { status, body } = await world.call('POST', '/control/switches', wish);
  assert.equal(status, 400);
  const faults = body['faults'] as string[];
  for (const name of ['operator', 'number', 'call', 'answer', 'percent', 'seconds', 'done', 'mood', 'either'])
    assert.ok(
      faults.some((fault) => fault.startsWith(name)),
      name,
    );
  for (const odd of [[], 'x', 7, null]) assert.equal((await world.call('POST', '/control/switches', odd)).status, 400);
  const neither = await world.call('POST', '/control/switches', { seconds: 5 });
  assert.deepEqual(neither.body['faults'], ['either operator or number must be given']);
});

test('the page shows what is on and every knob, and a form of another site cannot switch', async (t) => {
  const world = await setStage(t);
  await on(world, { operator: 'BEELINE', answer: 503, seconds: 120 });
  const page = await world.call('GET', '/switches');
  assert.match(page.text, /<th scope="row">BEELINE<\/th><td>every call<\/td><td>503<\/td>/);
  assert.match(page.text, /maintenanceWindow/);
  const form = await fetch(`${world.url}/control/switches`, {
    method: 'POST',
    body: JSON.stringify({ operator: 'TELE2', seconds: 5 }),
    headers: { 'content-type': 'text/plain' },
  });
  assert.ok(form.status === 400 || form.status === 415, String(form.status));
});
