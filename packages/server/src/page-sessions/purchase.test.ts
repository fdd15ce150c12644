import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buy, chargedNotice, faultOf, postCode, statusOf } from '../testing/purchase.ts';
import { found, inDoubt, waiting } from '../testing/scripted-provider.ts';
import { linkOf, openPages, Payer, type Parameters, type TestPages } from '../testing/test-pages.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

async function openAt(paymentId: string, change: Parameters = {}): Promise<{ pages: TestPages; payer: Payer }> {
  const pages = await openPages(await openPlatform(pool()));
  const payer = new Payer(pages, { 'user-agent': 'Phone/1.0', 'x-forwarded-for': '198.51.100.7' });
  await payer.open(linkOf(paymentId, change));
  return { pages, payer };
}

async function charge({ platform }: TestPages): Promise<void> {
  const reply = await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  assert.equal(reply.status, 204, reply.text);
  await platform.idle();
}

test('a purchase goes from the number to the receipt, and the merchant hears what Gate’s merchant hears', async () => {
  const { pages, payer } = await openAt('order-1', {
    merchant_callback_url: 'https://shop.example/page-callback',
    payment_description: 'Tea',
    merchant_data: 'basket 7',
  });
  assert.equal(payer.sees, 'number');
  assert.equal(await payer.giveNumber('8 (707) 123-45-67'), 'code');
  assert.equal(await payer.giveCode('246 810'), 'waiting result');
  await charge(pages);
  assert.equal(await payer.reload(), 'success');
  const { platform } = pages;
  await buy(platform, 'gate-1');
  const told = platform.merchant.received.filter(({ body }) => body.payment.id === 'order-1');
  const gate = platform.merchant.received.filter(({ body }) => body.payment.id === 'gate-1');
  assert.deepEqual(new Set(told.map(({ url }) => url)), new Set(['https://shop.example/page-callback']));
  assert.deepEqual(new Set(told.map(({ body }) => body.payment.merchant_data)), new Set(['basket 7']));
  const shapeOf = (text: string): unknown =>
    JSON.parse(text, (key, value: unknown) =>
      key === 'merchant_data'
        ? undefined
        : ['id', 'date', 'created_date', 'request_id', 'payment_id', 'signature', 'description'].includes(key)
          ? typeof value
          : value,
    );
  assert.deepEqual(shapeOf(told.at(-1)?.text ?? ''), shapeOf(gate.at(-1)?.text ?? ''));
  const { rows } = await pool().query<{ request: Record<string, unknown> }>(
    `SELECT request FROM payments WHERE payment_key = 'order-1'`,
  );
  assert.deepEqual(rows[0]?.request, {
    customer: {
      id: 'customer-1',
      ip_address: '198.51.100.7',
      first_name: 'Aigerim',
      last_name: 'Saparova',
      email: 'aigerim@example.com',
    },
    interfaceTypeId: null,
    page: {},
    merchantData: 'basket 7',
  });
});

test('the consent is kept for each press of Pay: text, language, time, address, agent, number', async () => {
  const { pages, payer } = await openAt('order-1', { language_code: 'kk' });
  await payer.giveNumber();
  await payer.giveCode();
  const { rows } = await pool().query(
    'SELECT step, text_version, language, amount_minor, currency, account_number, address, user_agent, at FROM page_consents ORDER BY step DESC',
  );
  const common = {
    text_version: '1',
    language: 'kk',
    amount_minor: 100_000,
    currency: 'KZT',
    account_number: '77071234567',
    address: '198.51.100.7',
    user_agent: 'Phone/1.0',
    at: pages.platform.clock.now(),
  };
  assert.deepEqual(rows, [
    { step: 'number', ...common },
    { step: 'code', ...common },
  ]);
  await assert.rejects(pool().query(`UPDATE page_consents SET address = ''`), /append-only/);
});

test('only the text that is in force is agreed to: with another one the screen comes again', async () => {
  const { pages, payer } = await openAt('order-1');
  for (const consent of ['0', ''])
    assert.equal(await payer.post('number', { number: '77071234567', consent }), 'number');
  assert.deepEqual(pages.platform.provider.made, []);
  assert.equal((await pool().query('SELECT FROM page_consents')).rowCount, 0);
});

test('a number is read as payers write it; what is none is told, and begins nothing', async () => {
  const { pages, payer } = await openAt('order-1');
  const cases = [
    ['', 'number number_missing'],
    ['   ', 'number number_missing'],
    ['12', 'number number_malformed'],
    ['+1 202 555 0123', 'number number_malformed'],
    ['not a number', 'number number_malformed'],
  ] as const;
  for (const [number, seen] of cases) {
    assert.equal(await payer.post('number', { number }), seen);
    assert.equal(payer.reply.status, 422);
    assert.equal(payer.screen.kind === 'number' && payer.screen.number, number);
  }
  assert.deepEqual(pages.platform.provider.made, []);
  assert.equal(await payer.giveNumber('707 123 45 67'), 'code');
});

test('a wrong code is asked for again, an expired one is told, and the fifth wrong one ends the sale', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const { provider } = pages.platform;
  assert.equal(await payer.post('code', { code: '' }), 'code code_malformed');
  assert.equal(payer.reply.status, 422);
  provider.answerNext('validate', { kind: 'code_rejected', reason: 'expired' });
  assert.equal(await payer.giveCode('111111'), 'code code_expired');
  for (let wrong = 1; wrong <= 4; wrong++) {
    provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
    assert.equal(await payer.giveCode('111111'), 'code code_wrong');
    assert.equal(payer.screen.kind === 'code' && payer.screen.attemptsLeft, 5 - wrong);
  }
  provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
  assert.equal(await payer.giveCode('111111'), 'decline attempts_spent soon');
  provider.always('lookUp', found({ status: 'cancelled' }));
  await pages.platform.pass(60_000);
  assert.equal(await payer.reload(), 'decline attempts_spent again');
});

test('three codes may be sent again, each when its time has come', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const { platform } = pages;
  assert.equal(await payer.post('resend'), 'code resend_too_early');
  for (let left = 3; left > 0; left--) {
    assert.equal(payer.screen.kind === 'code' && payer.screen.resendsLeft, left);
    await platform.pass(61_000);
    await payer.reload();
    await payer.post('resend');
    await platform.idle();
    assert.equal(await payer.reload(), 'code code_resent');
  }
  await platform.pass(61_000);
  await payer.post('resend');
  assert.equal(payer.screen.kind === 'code' && payer.screen.resendsLeft, 0);
  assert.equal(platform.provider.made.filter(({ method }) => method === 'resend').length, 3);
  assert.equal(await payer.giveCode(), 'waiting result');
});

/** A payer presses Pay while the operator has not answered to the resend; what is seen once so much time has passed. */
async function payWhileResending(answeredAfterMs: number): Promise<string> {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const { clock, provider } = pages.platform;
  clock.advance(61_000);
  await payer.reload();
  const held = provider.hold('resend');
  await payer.post('resend');
  await held.arrived;
  const paying = payer.post('code', { code: '246810' });
  const seen = paying.then((sees) => `${sees} ${payer.reply?.status}`);
  for (let waited = 0; waited < 12_000; waited += 200) {
    await clock.untilSomebodySleeps();
    if (waited === answeredAfterMs) {
      held.answer({ kind: 'resent', facts: {} });
      await pages.platform.idle();
      clock.advance(200);
      break;
    }
    clock.advance(200);
  }
  const end = await seen;
  held.answer({ kind: 'resent', facts: {} });
  await pages.platform.idle();
  return end;
}

test('a code that comes before the answer to its resend waits for that, ten seconds and longer', async () => {
  assert.equal(await payWhileResending(10_000), 'waiting result 200');
});

test('where no answer to a resend comes, the payer who typed its code is asked to press again', async () => {
  assert.equal(await payWhileResending(Infinity), 'code enter_again 422');
});

test('a second press of any button changes nothing', async () => {
  const { pages, payer } = await openAt('order-1');
  const { provider, clock } = pages.platform;
  const numberForm = payer.seen;
  await Promise.all([payer.post('number', { number: '77071234567' }), payer.post('number', { number: '77071234567' })]);
  await pages.platform.idle();
  await payer.post('number', { number: '77079999999' }, numberForm);
  assert.equal(payer.sees, 'code');
  assert.deepEqual(provider.news(), ['prepare']);
  const codeForm = payer.seen;
  provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
  await payer.giveCode('111111');
  await payer.post('code', { code: '111111' }, codeForm);
  await pages.platform.idle();
  assert.deepEqual(provider.news(), ['validate']);
  assert.equal(await payer.reload(), 'code code_wrong');
  assert.equal(payer.screen.kind === 'code' && payer.screen.attemptsLeft, 4);
  clock.advance(61_000);
  await payer.reload();
  const resendForm = payer.seen;
  await Promise.all([payer.post('resend', {}, resendForm), payer.post('resend', {}, resendForm)]);
  await pages.platform.idle();
  assert.deepEqual(provider.news(), ['resend']);
});

test('after a decline the payer tries again with the same number, or with another; all is one payment', async () => {
  const { pages, payer } = await openAt('order-1', { customer_phone: '77071234567' });
  const { platform } = pages;
  platform.provider.answerNext('prepare', { kind: 'denied', reason: 'insufficient_balance' });
  assert.equal(await payer.giveNumber(), 'decline not_accepted again');
  const declined = payer.seen;
  await Promise.all([payer.post('try-again', {}, declined), payer.post('try-again', {}, declined)]);
  await platform.idle();
  assert.equal(await payer.reload(), 'code');
  assert.equal(platform.provider.made.filter(({ method }) => method === 'prepare').length, 2);
  platform.provider.answerNext('validate', { kind: 'denied', reason: 'insufficient_balance' });
  assert.equal(await payer.giveCode(), 'decline not_accepted again');
  await payer.post('change-number');
  assert.equal(payer.sees, 'number');
  assert.equal(payer.screen.kind === 'number' && payer.screen.number, '');
  assert.equal(await payer.giveNumber('77051112233', { operator: 'BEELINE' }), 'code');
  await payer.giveCode();
  await charge(pages);
  assert.equal(await payer.reload(), 'success');
  assert.match(
    await statusOf(platform, 'order-1'),
    /^success 100000, sale decline 20105, sale decline 20105, sale success 0$/,
  );
});

test('the number is changed while a code is awaited: the first sale is cancelled before the next begins', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const cancel = pages.platform.provider.hold('cancel');
  await payer.post('change-number');
  assert.equal(payer.sees, 'waiting cancel');
  cancel.answer({ kind: 'accepted' });
  await pages.platform.idle();
  pages.platform.provider.always('lookUp', found({ status: 'cancelled' }));
  await pages.platform.pass(60_000);
  assert.equal(await payer.reload(), 'number');
  assert.equal(await payer.giveNumber('77051112233'), 'code');
  assert.match(payer.reply.text, /•• 33/);
});

test('a wait says when it began, and its steps are no reason to show it anew', async () => {
  const { pages, payer } = await openAt('order-1');
  const { provider } = pages.platform;
  await payer.giveNumber();
  const [validate, confirm] = [provider.hold('validate'), provider.hold('confirm')];
  await payer.post('code', { code: '246810' });
  assert.equal(payer.sees, 'waiting result');
  const { version, screen, now } = payer.seen;
  assert.ok(screen.kind === 'waiting' && screen.since === now);
  pages.platform.clock.advance(4_000);
  validate.answer({ kind: 'accepted' });
  await confirm.arrived;
  assert.equal(await payer.reload(), 'waiting result');
  assert.equal(payer.seen.version, version);
  confirm.answer({ kind: 'accepted' });
  await pages.platform.idle();
});

test('who leaves ends the payment, and the merchant is told', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  await payer.post('leave');
  await pages.platform.idle();
  assert.equal(await payer.reload(), 'decline given_up');
  assert.match(await statusOf(pages.platform, 'order-1'), /^decline/);
});

test('an approval or a decline that comes from elsewhere moves the screen', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const { version, basePath } = payer.seen;
  assert.equal((await pages.get(`${basePath}/screen?version=${version}`)).status, 204);
  assert.equal((await postCode(pages.platform, 'order-1')).status, 200);
  await charge(pages);
  const { status, text } = await pages.get(`${basePath}/screen?version=${version}`);
  assert.equal(status, 200);
  assert.match(text, /"kind":"success"/);
});

test('a payment that waits for nobody’s answer is shown as waiting until it is known', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  pages.platform.provider.answerNext('confirm', inDoubt);
  assert.equal(await payer.giveCode(), 'waiting result');
  await pages.platform.pass(120_000);
  assert.equal(await payer.reload(), 'waiting result');
});

test('best_before: before it the page works, after it there is a calm end; too far ahead it is none', async () => {
  const platform = await openPlatform(pool());
  const pages = await openPages(platform);
  const at = (ms: number): string => new Date(platform.clock.now() + ms).toISOString();
  const payer = new Payer(pages);
  assert.equal(await payer.open(linkOf('past', { best_before: at(-1_000) })), 'expired');
  assert.equal(payer.reply.status, 200);
  const soon = at(300_000);
  assert.equal(await payer.open(linkOf('soon', { best_before: soon })), 'number');
  assert.deepEqual(payer.seen.bestBefore, { from: platform.clock.now(), at: Math.floor(Date.parse(soon)) });
  const form = payer.seen;
  platform.clock.advance(300_001);
  assert.equal(await payer.post('number', { number: '77071234567' }, form), 'expired');
  assert.deepEqual(platform.provider.made, []);
  assert.equal(await payer.open(linkOf('far', { best_before: at(31 * 86_400_000) })), 'number');
  assert.equal(payer.seen.bestBefore, null);
});

test('while a code is asked for, the end that best_before sets is shown, and no code is promised beyond it', async () => {
  const platform = await openPlatform(pool());
  const pages = await openPages(platform);
  const payer = new Payer(pages);
  const openedAt = platform.clock.now();
  const end = openedAt + 60_000;
  await payer.open(linkOf('order-1', { best_before: new Date(end).toISOString() }));
  assert.equal(await payer.giveNumber(), 'code');
  assert.deepEqual(payer.seen.bestBefore, { from: openedAt, at: end });
  assert.ok(payer.seen.screen.kind === 'code');
  assert.equal(payer.seen.screen.codeExpiresAt, end);
  platform.clock.advance(60_000);
  await payer.reload();
  assert.equal(payer.seen.bestBefore, null);
});

test('a shop that counts best_before anew each time it is drawn finds the purchase; the newest link’s end holds', async () => {
  const platform = await openPlatform(pool());
  const pages = await openPages(platform);
  const link = () => linkOf('order-1', { best_before: new Date(platform.clock.now() + 1_800_000).toISOString() });
  const payer = new Payer(pages);
  await payer.open(link());
  const { basePath } = payer.seen;
  platform.clock.advance(1_799_000);
  assert.equal(await payer.open(link()), 'number');
  assert.deepEqual(payer.seen.bestBefore, { from: platform.clock.now(), at: platform.clock.now() + 1_800_000 });
  platform.clock.advance(60_000);
  assert.equal(await payer.giveNumber(), 'code');
  assert.equal(await payer.open(link()), 'code');
  assert.equal(payer.seen.basePath, basePath);
});

test('a payment whose time is over has ended for the shop as any decline: its result is told, and it leads away', async () => {
  const platform = await openPlatform(pool());
  const pages = await openPages(platform);
  const back = 'https://shop.example/failed';
  const soon = new Date(platform.clock.now() + 60_000).toISOString();
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1', { best_before: soon, redirect_fail_url: back }));
  assert.equal(await payer.giveNumber(), 'code');
  await platform.pass(75_000);
  assert.equal(await payer.reload(), 'expired');
  assert.partialDeepStrictEqual(payer.seen.result, { status: 'decline', payment: { id: 'order-1' } });
  assert.deepEqual(payer.seen.autoRedirect, { url: back, open: 'iframe' });
  assert.equal(platform.merchant.last().payment.status, 'decline');
});

test('an operator that is switched off is shown as such, and its number begins nothing', async () => {
  const { pages, payer } = await openAt('order-1');
  await pool().query(`UPDATE operators SET sales_enabled = false WHERE operator_id = 'TELE2'`);
  await pages.platform.operators.refresh();
  await payer.reload();
  const { screen } = payer;
  assert.ok(screen.kind === 'number');
  assert.deepEqual(screen.operators.find(({ id }) => id === 'TELE2')?.unavailable, { kind: 'off' });
  assert.equal(screen.operators.find(({ id }) => id === 'KCELL')?.unavailable, null);
  assert.equal(await payer.post('number', { number: '77071234567' }), 'number operator_unavailable');
  const { provider, clock } = pages.platform;
  provider.answerNext('prepare', (call) => found(waiting(call, clock.now(), { operator: 'KCELL' })));
  assert.equal(await payer.giveNumber('77071234567', { operator: 'KCELL' }), 'code');
});

test('a merchant enforces an operator, and a payer cannot take another', async () => {
  const options = '{"enable_mobile_service":1,"selected_operator":"ALTEL"}';
  const { pages, payer } = await openAt('order-1', { payment_methods_options: options });
  assert.ok(payer.screen.kind === 'number' && payer.screen.locked && payer.screen.chosen === 'ALTEL');
  pages.platform.provider.answerNext('prepare', { kind: 'denied', reason: 'limit_day' });
  await payer.giveNumber('77071234567', { operator: 'KCELL' });
  assert.equal(pages.platform.merchant.last().account.type, 'ALTEL');
});

test('a number of another operator than the enforced one is charged by its own, by whose word it is known', async () => {
  const options = '{"enable_mobile_service":1,"selected_operator":"ALTEL"}';
  const { pages, payer } = await openAt('order-1', { payment_methods_options: options });
  const { provider, clock, merchant } = pages.platform;
  provider.answerNext('prepare', (call) => found(waiting(call, clock.now(), { operator: 'BEELINE' })));
  assert.equal(await payer.giveNumber('77051234567'), 'code');
  assert.ok(payer.screen.kind === 'code' && payer.screen.operator === 'BEELINE');
  assert.equal(merchant.last().account.type, 'BEELINE');
});

test('while the operator owes an answer another try is announced, refused, and told to be no end; then it is there', async () => {
  const { pages, payer } = await openAt('order-1');
  const { platform } = pages;
  await payer.giveNumber();
  platform.provider.always('cancel', inDoubt);
  platform.provider.always('lookUp', { kind: 'unanswered', why: 'no answer' });
  for (let wrong = 1; wrong <= 5; wrong++) {
    platform.provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
    await payer.giveCode('111111');
  }
  assert.equal(payer.sees, 'decline attempts_spent soon');
  assert.partialDeepStrictEqual(payer.seen.result, { payment: { is_new_attempts_available: true } });
  const { version, basePath } = payer.seen;
  await payer.post('try-again');
  assert.equal(payer.sees, 'decline attempts_spent soon');
  const { rows } = await pool().query(`SELECT FROM page_consents WHERE step = 'again'`);
  assert.equal(rows.length, 0);
  platform.provider.always('lookUp', found({ status: 'cancelled' }));
  await platform.pass(60_000);
  assert.match((await pages.get(`${basePath}/screen?version=${version}`)).text, /"ready":true/);
});

test('where the operator never answers, another try is announced until its time is over, and then it is the end', async () => {
  const { pages, payer } = await openAt('order-1');
  const { provider, pass } = pages.platform;
  await payer.giveNumber();
  provider.always('cancel', inDoubt);
  provider.always('lookUp', { kind: 'unanswered', why: 'no answer' });
  for (let wrong = 1; wrong <= 5; wrong++) {
    provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
    await payer.giveCode('111111');
  }
  assert.ok(payer.screen.kind === 'decline' && payer.screen.tryAgain);
  const left = payer.screen.tryAgain.until - pages.platform.clock.now();
  await pass(left - 1);
  assert.equal(await payer.reload(), 'decline attempts_spent soon');
  await pass(1);
  assert.equal(await payer.reload(), 'decline attempts_spent');
  assert.partialDeepStrictEqual(payer.seen.result, { payment: { is_new_attempts_available: false } });
});

test('without a forced method there is a list; a hidden method is not in it', async () => {
  const platform = await openPlatform(pool());
  const pages = await openPages(platform);
  const payer = new Payer(pages);
  const free = { force_payment_method: '' };
  assert.equal(await payer.open(linkOf('order-1', { ...free, default_payment_method: 'mobile' })), 'methods');
  assert.ok(payer.screen.kind === 'methods' && payer.screen.preselected === 'mobile');
  assert.equal(await payer.post('method', { method: 'card' }), 'methods');
  assert.equal(await payer.post('method', { method: 'mobile' }), 'number');
  assert.equal(await payer.open(linkOf('order-2', { ...free, hide: 'card,mobile' })), 'methods');
  assert.ok(payer.screen.kind === 'methods' && payer.screen.methods.length === 0);
  assert.equal(await payer.post('method', { method: 'mobile' }), 'methods');
});

test('the payer’s switch of the language is kept, with what was typed, and stands above the link’s', async () => {
  const { pages, payer } = await openAt('order-1', { language_code: 'ru' });
  assert.equal(payer.seen.language, 'ru');
  await payer.post('language', { language: 'kk', number: '707 12', operator: 'KCELL' });
  assert.equal(payer.seen.language, 'kk');
  assert.ok(payer.screen.kind === 'number' && payer.screen.number === '707 12' && payer.screen.chosen === 'KCELL');
  await payer.post('language', { language: 'de' });
  assert.equal(await payer.giveNumber(), 'code');
  await payer.post('language', { language: 'en' });
  assert.deepEqual([payer.sees, payer.seen.language], ['code', 'en']);
  const other = new Payer(pages);
  await other.open(linkOf('order-1', { language_code: 'ru' }));
  assert.equal(other.seen.language, 'en');
});

test('where a decline leads away by itself there is no second try; the payment ends and leads away', async () => {
  const back = 'https://shop.example/failed';
  const { pages, payer } = await openAt('order-1', { redirect_fail_url: back });
  pages.platform.provider.answerNext('prepare', { kind: 'denied', reason: 'limit_day' });
  assert.equal(await payer.giveNumber(), 'decline not_accepted');
  assert.deepEqual(payer.seen.autoRedirect, { url: back, open: 'iframe' });
});

test('a result that leads to a new tab has a button as well, unless the merchant wants none', async () => {
  const redirect = { redirect_fail_url: 'https://shop.example/failed', redirect_fail_mode: 'blank_page' };
  for (const [paymentId, more, link] of [
    ['order-1', {}, { open: 'blank', url: redirect.redirect_fail_url, when: 'fail' }],
    ['order-2', { merchant_fail_enabled: '0' }, null],
  ] as const) {
    const { pages, payer } = await openAt(paymentId, { ...redirect, ...more });
    pages.platform.provider.answerNext('prepare', { kind: 'denied', reason: 'limit_day' });
    assert.equal(await payer.giveNumber(), 'decline not_accepted');
    assert.deepEqual(payer.seen.returnLink, link);
  }
});

test('a payment begun on the page is Gate’s too: its id is taken', async () => {
  const { pages, payer } = await openAt('order-1');
  await payer.giveNumber();
  const { postSale } = await import('../testing/purchase.ts');
  assert.match(faultOf(await postSale(pages.platform, 'ORDER-1')), /3041/);
});
