import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openProviderLine, type HttpAnswer, type HttpCall, type ProviderLine } from './call.ts';
import { empty, hang, json, raw, reset, startOperator, type ScriptedOperator, type Step } from './test-kit/operator.ts';

const call: HttpCall = {
  method: 'POST',
  path: '/x',
  headers: ['content-type', 'text/plain'],
  body: 'hi',
  timeoutMs: 5_000,
};

async function stage(work: (line: ProviderLine, operator: ScriptedOperator) => Promise<void>, connections = 2) {
  const operator = await startOperator();
  const line = openProviderLine({ origin: operator.url, connections, monotonicMs: () => performance.now() });
  try {
    await work(line, operator);
  } finally {
    await operator.close();
    await line.close();
  }
}

/** Makes the connection that the next call is written to at once: however short its time-out, it is sent. */
async function connect(line: ProviderLine, operator: ScriptedOperator): Promise<void> {
  operator.next(empty(204));
  assert.equal((await line.call(call)).kind, 'answered');
  await nextTurn();
}

function answerTo(step: Step, changed: Partial<HttpCall> = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    stage(async (line, operator) => {
      await connect(line, operator);
      operator.next(step);
      resolve(await line.call({ ...call, ...changed }));
    }).catch(reject);
  });
}

const drip: Step = (response) => {
  response.writeHead(200).write('[');
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

test('an answer is its status and its parsed body', async () => {
  assert.deepEqual(await answerTo(json(201, { a: 1 })), { kind: 'answered', status: 201, body: { a: 1 } });
  assert.deepEqual(await answerTo(empty(204)), { kind: 'answered', status: 204, body: null });
  assert.deepEqual(await answerTo(raw(404, '<html>')), { kind: 'answered', status: 404, body: null });
  assert.deepEqual(await answerTo(raw(503, 'busy')), { kind: 'answered', status: 503, body: null });
});

test('a body in several pieces is read whole', async () => {
  const pieces: Step = (response) => {
    response.writeHead(200).write('{"text":"');
    setImmediate(() => response.end('тенге"}'));
  };
  assert.deepEqual(await answerTo(pieces), { kind: 'answered', status: 200, body: { text: 'тенге' } });
});

test('what was sent and not wholly answered is in doubt', async (t) => {
  const cut: Step = (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{', () => response.socket?.resetAndDestroy());
  };
  const cases: readonly (readonly [string, Step, Partial<HttpCall>?])[] = [
    ['no answer', hang, { timeoutMs: 60 }],
    ['a body that drips for ever', drip, { timeoutMs: 60 }],
    ['a reset', reset],
    ['a reset within the body', cut],
    ['no JSON in a success', raw(200, 'OK')],
    ['half a JSON', raw(201, '{"paymentId":"p')],
    ['a body over the limit', raw(200, JSON.stringify('x'.repeat(300_000)))],
  ];
  for (const [name, step, changed] of cases) {
    await t.test(name, async () => assert.equal((await answerTo(step, changed)).kind, 'in_doubt'));
  }
});

test('a time-out ends the call in time and frees its connection', () =>
  stage(async (line, operator) => {
    await connect(line, operator);
    operator.next(hang, json(200, {}));
    const startedAt = performance.now();
    assert.deepEqual(await line.call({ ...call, timeoutMs: 60 }), {
      kind: 'in_doubt',
      why: 'no whole answer in time',
      trouble: 'no_answer',
    });
    assert.ok(performance.now() - startedAt < 4_000);
    assert.equal((await line.call(call)).kind, 'answered');
  }, 1));

test('what never reached a connection is not sent', async (t) => {
  const notSent = async (origin: string, changed: Partial<HttpCall> = {}) => {
    const line = openProviderLine({ origin, monotonicMs: () => 0 });
    const answer = await line.call({ ...call, ...changed });
    await line.close();
    assert.equal(answer.kind, 'not_sent');
  };
  await t.test('a refused port', async () => {
    const operator = await startOperator();
    await operator.close();
    await notSent(operator.url);
  });
  await t.test('a header that cannot be sent', () => notSent('http://127.0.0.1:9', { headers: ['a', 'b\r\nc'] }));
  await t.test('a connection that does not come about', async () => {
    const silent = createServer(() => undefined);
    const sockets = new Set<{ destroy(): void }>();
    silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const line = openProviderLine({
      origin: `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      monotonicMs: () => 0,
    });
    assert.deepEqual(await line.call({ ...call, timeoutMs: 60 }), {
      kind: 'not_sent',
      why: 'no connection in time',
      trouble: 'no_connection',
    });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await line.close();
  });
  await t.test('a closed line', async () => {
    const line = openProviderLine({ origin: 'http://127.0.0.1:9', monotonicMs: () => 0 });
    await line.close();
    assert.equal((await line.call(call)).kind, 'not_sent');
  });
});

test('a call that waited for a connection beyond its time is never written, and the connection lives on', () =>
  stage(async (line, operator) => {
    const answerFirst = Promise.withResolvers<void>();
    const ports: (number | undefined)[] = [];
    const note: Step = (response, request) => {
      ports.push(response.socket?.remotePort);
      json(200, request.path)(response, request);
    };
    operator.next((response, request) => void answerFirst.promise.then(() => note(response, request)), note);
    const first = line.call({ ...call, path: '/first' });
    const second = await line.call({ ...call, path: '/second', timeoutMs: 40 });
    assert.deepEqual(second, { kind: 'not_sent', why: 'no connection in time', trouble: 'no_connection' });
    answerFirst.resolve();
    assert.equal((await first).kind, 'answered');
    assert.equal((await line.call({ ...call, path: '/third' })).kind, 'answered');
    assert.deepEqual(
      operator.received.map(({ path }) => path),
      ['/first', '/third'],
    );
    assert.equal(ports[0], ports[1]);
  }, 1));

test('past its deadline a call is not written, though the process had no time to notice', async () => {
  const operator = await startOperator();
  let nowMs = 100;
  const line = openProviderLine({ origin: operator.url, monotonicMs: () => nowMs });
  operator.next(json(200, {}));
  const waiting = line.call({ ...call, deadlineMonotonicMs: 150 });
  nowMs = 200;
  assert.deepEqual(await waiting, { kind: 'not_sent', why: 'too late to send' });
  assert.equal(operator.received.length, 0);
  assert.equal((await line.call({ ...call, deadlineMonotonicMs: 200 })).kind, 'answered');
  await operator.close();
  await line.close();
});

test('connections are kept and bounded', () =>
  stage(async (line, operator) => {
    const ports = new Set<number | undefined>();
    const note: Step = (response, request) => {
      ports.add(response.socket?.remotePort);
      setImmediate(() => json(200, {})(response, request));
    };
    operator.next(...Array.from({ length: 20 }, () => note));
    await Promise.all(Array.from({ length: 20 }, () => line.call(call)));
    assert.equal(ports.size, 2);
  }));
