import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { signed } from '../testing/gate-bodies.ts';
import { openAdmin, type TestAdmin } from '../testing/admin.ts';
import { buy, postRefund, requestIdOf } from '../testing/purchase.ts';
import { unreachable } from '../testing/recording-merchant.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const ours = ['--project', '1234'];
let platform: TestPlatform;
let progress: string[];
let rocketpay: TestAdmin;

beforeEach(async () => {
  platform = await openPlatform(pool());
  progress = [];
  rocketpay = openAdmin(pool(), { clock: platform.clock, progress: (line) => void progress.push(line) });
});

interface Listed {
  callbacks: { payment: string; number: number; state: string; webhookId: string; last: { status: number } | null }[];
  next: string | null;
}
const list = (...args: string[]) => rocketpay.json<Listed>('callback', 'list', ...ours, ...args);
const names = ({ callbacks }: Listed): string[] => callbacks.map(({ payment, number }) => `${payment} ${number}`);

test('a list is narrowed and goes on where it ended', async () => {
  await buy(platform, 'Order-1');
  platform.clock.advance(3_600_000);
  platform.merchant.answerNext(unreachable);
  await buy(platform, 'Order-2');
  const all = ['order-2 2', 'order-2 1', 'order-1 2', 'order-1 1'];
  assert.deepEqual(names(await list()), all);
  const first = await list('--limit', '3');
  assert.deepEqual(names(first), all.slice(0, 3));
  assert.deepEqual(names(await list('--limit', '3', '--after', first.next ?? '')), all.slice(3));
  assert.deepEqual(names(await list('--payment', 'ORDER-1')), all.slice(2));
  assert.deepEqual(names(await list('--since', '30m')), all.slice(0, 2));
  assert.deepEqual(
    names(await list('--since', new Date(platform.clock.now() - 60_000).toISOString())),
    all.slice(0, 2),
  );
  assert.deepEqual(names(await list('--last', 'connect_error')), ['order-2 1']);
  assert.deepEqual(names(await list('--state', 'superseded')), ['order-2 1']);
  assert.deepEqual(names(await list('--last', '200', '--since', '30m')), ['order-2 2']);
  assert.equal(await rocketpay('callback', 'list', '--project', '77'), '');
  const text = await rocketpay('callback', 'list', ...ours, '--limit', '1');
  assert.match(
    text,
    /^\d{4}-.*Z\torder-2\t2\tresult\tdelivered\t1 tried\t200 in \d+ ms\nmore: --after '\d+\.2\.order-2'\n$/,
  );
});

test('a payment id forges no line and reaches no terminal as an escape sequence', async () => {
  await buy(platform, 'a\u001b[2J\u009b31m\n2026\tb');
  const written = 'a\\u001b[2j\\u009b31m\\u000a2026\\u0009b';
  const lines = (await rocketpay('callback', 'list', ...ours)).split('\n');
  assert.deepEqual(
    lines.map((line) => line.split('\t')[1]),
    [written, written, undefined],
  );
  const place = ['--payment', 'a\u001b[2J\u009b31m\n2026\tb', '--number', '2'];
  const shown = await rocketpay('callback', 'show', ...ours, ...place);
  assert.match(shown, /^payment: {4}a\\u001b\[2j/);
  assert.doesNotMatch(shown.replaceAll(/[\n\t]/g, ''), /\p{Cc}/u);
});

test('one callback is shown with its body, its attempts and its next try', async () => {
  platform.merchant.answerNext({ kind: 'refused_status', status: 503, answerStart: 'busy\n' });
  requestIdOf(await platform.post('/v2/payment/mobile/sale', signed('order-1', declinedSale)));
  await platform.idle();
  const text = await rocketpay('callback', 'show', ...ours, '--payment', 'order-1', '--number', '1');
  const [sent] = platform.merchant.received;
  assert.ok(sent);
  assert.ok(text.includes(`body:       ${sent.text}\n`));
  assert.ok(text.includes(`webhookId:  ${sent.headers['webhook-id']}\n`));
  assert.match(text, /^nextAt: +\d{4}-.*Z$/m);
  assert.match(text, /^attempt 1\t\d{4}-.*Z\trefused_status\t503\t\d+ ms\t"busy\\n"$/m);
  for (const wrong of [
    ['--payment', 'order-1', '--number', '2'],
    ['--payment', 'order-9', '--number', '1'],
  ])
    assert.match(await rocketpay('callback', 'show', ...ours, ...wrong), /^refused: the project has no such callback/);
  const foreign = ['--project', '77', '--payment', 'order-1', '--number', '1'];
  assert.match(await rocketpay('callback', 'show', ...foreign), /^refused: the project has no such callback/);
});

test('one callback goes again, and its record says who asked', async () => {
  await buy(platform, 'order-1');
  const one = ['callback', 'resend', ...ours, '--payment', 'order-1', '--number', '2'];
  assert.match(await rocketpay(...one), /^callback 2: sent again within a second/);
  assert.match(await rocketpay(...one), /^refused: it was sent again a moment ago; from \d{4}-.*Z on/);
  assert.match(await rocketpay(...one.slice(0, -1), '1'), /^refused: a newer callback has taken its place/);
  assert.match(await rocketpay(...one.slice(0, -1), '7'), /^refused: the project has no such callback/);
  await platform.pass(1_000);
  const [, second, third] = platform.merchant.received;
  assert.deepEqual([third?.text, third?.headers['webhook-id']], [second?.text, second?.headers['webhook-id']]);
  const [change] = await rocketpay.json<{ by: string; action: string; subject: string }[]>('changes', 'list', ...ours);
  assert.deepEqual([change?.by, change?.action, change?.subject], ['Aigerim', 'callback resend', 'order-1 2']);
  const plain = await rocketpay('changes', 'list', ...ours);
  assert.match(plain, /\tcallback resend\torder-1 2\tsent=2$/m);
  assert.ok(!plain.includes('[object'));
});

test('all that were given up go again at once, each payment in order, with progress', async () => {
  for (const id of ['order-1', 'order-2', 'order-3']) {
    await buy(platform, id);
    requestIdOf(await postRefund(platform, id));
    await platform.idle();
  }
  const before = platform.merchant.received.length;
  await pool().query(`UPDATE callbacks SET state = 'exhausted' WHERE final AND payment_key <> 'order-3'`);
  const told = await rocketpay('callback', 'resend', ...ours, '--state', 'exhausted', '--since', '24h');
  assert.match(told, /^4 callbacks are sent again, each endpoint at its own pace; 0 are not\n$/);
  assert.deepEqual(progress, ['4 looked at, 4 to be sent again, 0 not']);
  await platform.pass(1_000);
  const heard = platform.merchant.received.slice(before).map(({ body }) => `${body.payment.id} ${body.payment.status}`);
  assert.deepEqual(heard.toSorted(), ['order-1 refunded', 'order-1 success', 'order-2 refunded', 'order-2 success']);
  for (const id of ['order-1', 'order-2'])
    assert.ok(heard.indexOf(`${id} success`) < heard.indexOf(`${id} refunded`), heard.join(', '));
  assert.deepEqual(names(await list('--state', 'exhausted')), []);
});

const wrong: readonly (readonly [string[], RegExp])[] = [
  [['list'], /--project is missing/],
  [['list', ...ours, '--state', 'lost'], /--state is "lost"; expected waiting or delivered or/],
  [['list', ...ours, '--since', 'yesterday'], /--since is "yesterday"; expected a time/],
  [['list', ...ours, '--since', '2026-11-27T10:00:00'], /--since is/],
  [['list', ...ours, '--last', '99'], /--last is "99"/],
  [['list', ...ours, '--last', 'odd'], /--last is "odd"; expected none or delivered/],
  [['list', ...ours, '--after', 'x'], /--after is not what a list ended with/],
  [['list', ...ours, '--limit', '1001'], /--limit is "1001"/],
  [['show', ...ours], /--payment is missing/],
  [['show', ...ours, '--payment', 'a'], /--number is missing/],
  [['resend', ...ours], /--state is missing/],
  [['resend', ...ours, '--state', 'exhausted'], /--since is missing/],
  [['resend', ...ours, '--payment', 'a', '--number', '1', '--since', '1h'], /--number names one callback/],
];
for (const [args, says] of wrong) {
  test(`callback ${args.join(' ')} is refused`, async () => {
    assert.match(await rocketpay('callback', ...args), says);
  });
}

const declinedSale = {
  customer: { id: 'c', ip_address: '198.51.100.47', first_name: 'A', last_name: 'B', email: 'a@example.com' },
  account: { number: '12345' },
  payment: { amount: 100, currency: 'KZT' },
};
