import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PageModel } from '@rocketpay/payment-page/model.ts';
import { linkOf, openPages, Payer, type TestPages } from '../testing/test-pages.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

interface Stream {
  readonly response: Response;
  /** The next piece that is pushed: a screen's kind, or a comment. */
  next(): Promise<string>;
  close(): void;
}

async function listening(t: TestContext): Promise<{ pages: TestPages; url: string }> {
  const pages = await openPages(await openPlatform(pool()));
  // Ends the streams as well, also of a test that has failed.
  t.after(() => pages.platform.app.close());
  await pages.platform.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = pages.platform.app.server.address() as AddressInfo;
  return { pages, url: `http://127.0.0.1:${port}` };
}

async function stream(url: string): Promise<Stream> {
  const closing = new AbortController();
  const response = await fetch(url, { signal: closing.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    close: () => closing.abort(),
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const piece = text.slice(0, end);
          text = text.slice(end + 2);
          if (piece.startsWith('retry')) continue;
          const data = /^event: screen\ndata: (.*)$/.exec(piece)?.[1];
          if (data === undefined) return piece;
          return (JSON.parse(JSON.parse(data) as string) as { model: PageModel }).model.screen.kind;
        }
        const read = await reader?.read();
        if (!read || read.done) return 'end';
        text += read.value;
      }
    },
  };
}

test('the screen is pushed as it changes, a beat tells that the line is alive, and a stop ends it', async (t) => {
  const { pages, url } = await listening(t);
  const { platform } = pages;
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  const { basePath, version } = payer.seen;
  const pushed = await stream(`${url}${basePath}/events?version=${version}`);
  assert.equal(pushed.response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(pushed.response.headers.get('x-accel-buffering'), 'no');
  assert.equal(pushed.response.headers.get('cache-control'), 'no-store, no-transform');
  assert.equal(await pushed.next(), ': still here');
  await payer.giveNumber();
  let kind = await pushed.next();
  while (kind === 'waiting') kind = await pushed.next();
  assert.equal(kind, 'code');
  await platform.clock.untilSomebodySleeps();
  platform.clock.advance(5_000);
  assert.equal(await pushed.next(), ': still here');
  const ended = pushed.next();
  await platform.app.close();
  assert.equal(await ended, 'end');
});

test('a change of the payment that leaves the screen as it is writes nothing; the beat comes by the clock', async (t) => {
  const { pages, url } = await listening(t);
  const { clock, provider } = pages.platform;
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  await payer.giveNumber();
  const [validate, confirm] = [provider.hold('validate'), provider.hold('confirm')];
  await payer.post('code', { code: '246810' });
  await validate.arrived;
  assert.equal(await payer.reload(), 'waiting result');
  const pushed = await stream(`${url}${payer.seen.basePath}/events?version=${payer.seen.version}`);
  assert.equal(await pushed.next(), ': still here');
  await clock.untilSomebodySleeps();
  validate.answer({ kind: 'accepted' });
  await confirm.arrived;
  await clock.untilSomebodySleeps();
  clock.advance(5_000);
  assert.equal(await pushed.next(), ': still here');
  confirm.answer({ kind: 'denied', reason: 'insufficient_balance' });
  assert.equal(await pushed.next(), 'decline');
});

test('a change that another process makes is pushed with the next beat', async (t) => {
  const { pages, url } = await listening(t);
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  await payer.giveNumber();
  const pushed = await stream(`${url}${payer.seen.basePath}/events?version=${payer.seen.version}`);
  assert.equal(await pushed.next(), ': still here');
  const twin = await pages.platform.twin();
  await twin.payments.giveUp({ projectId: 1234, paymentKey: 'order-1' }, 1);
  await twin.idle();
  await pages.platform.clock.untilSomebodySleeps();
  pages.platform.clock.advance(5_000);
  assert.match(await pushed.next(), /decline/);
});

test('one session has a few streams and no more; who leaves gives the place back', async (t) => {
  const { pages, url } = await listening(t);
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  const address = `${url}${payer.seen.basePath}/events`;
  const streams = await Promise.all(Array.from({ length: 6 }, () => stream(address)));
  for (const each of streams) assert.equal(await each.next(), 'number');
  assert.equal((await fetch(address)).status, 204);
  streams[0]?.close();
  let status = 204;
  while (status === 204) {
    const again = await stream(address);
    status = again.response.status;
    if (status === 200) again.close();
  }
  assert.equal(status, 200);
});

/** Keeps the look-ups of payments waiting, as a slow database does: `begun` so many have come. */
function holdFinds({ payments }: TestPlatform): { begun(count: number): Promise<void>; goOn(): void } {
  const find = payments.find.bind(payments);
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  const held: unknown[] = [];
  payments.find = async (key) => {
    held.push(key);
    await promise;
    return find(key);
  };
  return {
    goOn,
    async begun(wanted) {
      while (held.length < wanted) await nextTurn();
    },
  };
}

test('who leaves before the stream has begun takes no place', async (t) => {
  const { pages, url } = await listening(t);
  const { platform } = pages;
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  const address = `${url}${payer.seen.basePath}/events`;
  const finds = holdFinds(platform);
  const leaving = new AbortController();
  const asked = Promise.allSettled(Array.from({ length: 6 }, () => fetch(address, { signal: leaving.signal })));
  await finds.begun(6);
  leaving.abort();
  await asked;
  const { server } = platform.app;
  const connections = promisify(server.getConnections.bind(server));
  while ((await connections()) > 0) await nextTurn();
  finds.goOn();
  await platform.payments.find({ projectId: 1234, paymentKey: 'order-1' });
  assert.equal((await fetch(address)).status, 200);
});

test('a stream that begins while the platform stops ends at once', async (t) => {
  const { pages, url } = await listening(t);
  const { platform } = pages;
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  const finds = holdFinds(platform);
  const beginning = stream(`${url}${payer.seen.basePath}/events`);
  await finds.begun(1);
  const closed = platform.app.close();
  while (platform.app.server.listening) await nextTurn();
  finds.goOn();
  assert.equal(await (await beginning).next(), 'end');
  await closed;
});
