import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { paths, saleBody, signed } from '../testing/gate-bodies.ts';
import { inDoubt } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

interface Raw {
  readonly status: string;
  readonly headers: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function listen(t: TestContext): Promise<{ platform: TestPlatform; port: number }> {
  const platform = await openPlatform(pool());
  await platform.app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => platform.app.close());
  return { platform, port: (platform.app.server.address() as AddressInfo).port };
}

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Reads until an answer is whole by its own Content-Length. */
async function answerOf(socket: Socket): Promise<Raw> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    const at = text.indexOf('\r\n\r\n');
    if (at < 0) continue;
    const [status = '', ...headers] = text.slice(0, at).split('\r\n');
    if (status.includes(' 100 ')) {
      text = text.slice(at + 4);
      continue;
    }
    const length = Number(/^content-length: (\d+)$/im.exec(headers.join('\n'))?.[1] ?? Number.NaN);
    const body = text.slice(at + 4);
    if (Buffer.byteLength(body) < length) continue;
    return { status, headers: headers.join('\n'), body: JSON.parse(body) as Raw['body'] };
  }
  throw new Error(`the connection ended in the middle of an answer: ${text}`);
}

const lines = (...headers: string[]): string => `${headers.join('\r\n')}\r\n\r\n`;

/** A request with this line, these headers and its length. */
const post = (body: string, first = `POST ${paths.sale} HTTP/1.1`, ...headers: string[]): string =>
  lines(first, ...headers, `Content-Length: ${Buffer.byteLength(body)}`) + body;

const sale = (id: string): string => JSON.stringify(signed(id, saleBody()));

test('HTTP/1.0 without a Host, as shops of ten years ago speak', async (t) => {
  const { port } = await listen(t);
  const socket = await open(t, port);
  socket.write(post(sale('old-1'), `POST ${paths.sale} HTTP/1.0`, 'Accept: application/json'));
  const { status, headers, body } = await answerOf(socket);
  assert.match(status, / 200 OK$/);
  assert.equal(body['payment_id'], 'old-1');
  assert.doesNotMatch(headers, /transfer-encoding/i);
  if (!socket.closed) await once(socket, 'close');
});

test('HTTP/1.1 with several requests on one connection, chunked, and after asking whether to go on', async (t) => {
  const { port } = await listen(t);
  const socket = await open(t, port);
  const bodies = ['new-1', 'new-2', 'new-3'].map(sale);
  const [first = '', second = '', third = ''] = bodies;
  const requests = [
    post(first, undefined, 'Host: gate'),
    `${lines(`POST ${paths.sale} HTTP/1.1`, 'Host: gate', 'Transfer-Encoding: chunked')}${second.length.toString(16)}\r\n${second}\r\n0\r\n\r\n`,
    post(third, undefined, 'Host: gate', 'Expect: 100-continue', 'Connection: close'),
  ];
  const told: unknown[] = [];
  for (const request of requests.slice(0, 2)) {
    const fresh = await open(t, port);
    fresh.write(request);
    told.push((await answerOf(fresh)).body['payment_id']);
  }
  socket.write(requests[2] ?? '');
  told.push((await answerOf(socket)).body['payment_id']);
  assert.deepEqual(told, ['new-1', 'new-2', 'new-3']);
});

test('any Content-Type, or none, and any Accept: the body is JSON and so is the answer', async (t) => {
  const { port } = await listen(t);
  const variants = [
    [],
    ['Content-Type: application/x-www-form-urlencoded'],
    ['Content-Type: multipart/form-data; boundary=----x'],
    ['Content-Type: text/plain; charset=windows-1251'],
    ['Content-Type: application/json;charset=UTF-8'],
    ['Content-Type: ;;;'],
    ['Content-Type:'],
    ['Accept: application/xml'],
    ['Accept: text/html, */*;q=0.1', 'Accept-Charset: koi8-r', 'Accept-Encoding: gzip, br'],
    ['Accept:'],
  ];
  for (const [index, headers] of variants.entries()) {
    const socket = await open(t, port);
    socket.write(post(sale(`type-${index}`), undefined, 'Host: gate', ...headers));
    const answer = await answerOf(socket);
    assert.match(answer.status, /200/, headers.join());
    assert.match(answer.headers, /^content-type: application\/json; charset=utf-8$/im);
    assert.doesNotMatch(answer.headers, /content-encoding/i);
    socket.destroy();
  }
});

test('errors are JSON as well, whatever was asked for', async (t) => {
  const { port } = await listen(t);
  for (const request of [
    post('not json', undefined, 'Host: gate', 'Accept: text/html'),
    post('{}', 'POST /v2/no/such/endpoint HTTP/1.0'),
    lines(`GET ${paths.sale} HTTP/1.0`),
    'NONSENSE\r\n\r\n',
  ]) {
    const socket = await open(t, port);
    socket.write(request);
    assert.equal((await answerOf(socket)).body['status'], 'error', request);
    socket.destroy();
  }
});

test('a client that reads only after writing hears that its body is too large', async (t) => {
  const { port } = await listen(t);
  const piece = Buffer.alloc(65_536, 32);
  const write = (socket: Socket, bytes: Buffer | string): Promise<void> =>
    new Promise((written, failed) => {
      socket.write(bytes, (error) => (error ? failed(error) : written()));
    });
  const first = [`POST ${paths.sale} HTTP/1.1`, 'Host: gate'];
  const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
  const senders: [head: string, piece: Buffer, end: string][] = [
    [lines(...first, `Content-Length: ${80 * piece.length}`), piece, ''],
    [lines(...first, 'Transfer-Encoding: chunked'), chunk, '0\r\n\r\n'],
  ];
  for (const [head, each, end] of senders) {
    const socket = await open(t, port);
    await write(socket, head);
    for (let sent = 0; sent < 80; sent++) await write(socket, each);
    await write(socket, end);
    const answer = await answerOf(socket);
    assert.match(answer.status, / 413 /);
    assert.equal(answer.body['message'], 'The body is larger than 1 MB');
  }
});

test('a body without an end is answered and its connection closed', async (t) => {
  const { port } = await listen(t);
  const socket = await open(t, port);
  socket.on('error', () => undefined);
  socket.write(lines(`POST ${paths.sale} HTTP/1.1`, 'Host: gate', `Content-Length: ${2 ** 40}`));
  const piece = Buffer.alloc(1_048_576, 32);
  const closed = new Promise((done) => socket.resume().once('close', done));
  while (!socket.destroyed && socket.bytesWritten < 2 ** 28) {
    await new Promise((written) => socket.write(piece, written));
  }
  assert.ok(socket.bytesWritten < 2 ** 27, `${socket.bytesWritten} bytes were taken`);
  await closed;
});

test('a client that hangs up loses nothing: the sale is there, and its repeat gets the first answer', async (t) => {
  const { platform, port } = await listen(t);
  const body = sale('gone-1');
  const socket = await open(t, port);
  await new Promise<void>((sent) => socket.write(post(body, `POST ${paths.sale} HTTP/1.0`), () => sent()));
  socket.resetAndDestroy();
  const whole = await open(t, port);
  whole.write(post(body, `POST ${paths.sale} HTTP/1.0`));
  const { body: answer } = await answerOf(whole);
  await platform.idle();
  const payment = await platform.payments.find({ projectId: 1234, paymentKey: 'gone-1' });
  assert.equal(payment?.sales.length, 1);
  assert.equal(answer['request_id'], payment.sales[0]?.requestId);
  assert.deepEqual(platform.provider.news(), ['prepare']);
});

test('no answer waits for the operator: a client with five seconds of patience has it long before', async (t) => {
  const { platform, port } = await listen(t);
  const held = platform.provider.hold('prepare');
  const socket = await open(t, port);
  const startedAt = performance.now();
  socket.write(post(sale('slow-1'), `POST ${paths.sale} HTTP/1.0`));
  assert.match((await answerOf(socket)).status, /200/);
  assert.ok(performance.now() - startedAt < 4_000);
  await held.arrived;
  held.answer(inDoubt);
});

test('any interface that sends, by its number or with more to say', async (t) => {
  const { platform } = await listen(t);
  const kinds = [{ id: 0 }, { id: 13 }, { id: 18 }, { id: 33 }, { id: 4_711 }, { id: 22, user: 'someone' }, {}];
  for (const [index, interfaceType] of kinds.entries()) {
    const reply = await platform.post(
      paths.sale,
      signed(`interface-${index}`, saleBody({ interface_type: interfaceType })),
    );
    assert.equal(reply.status, 200, reply.text);
  }
});
