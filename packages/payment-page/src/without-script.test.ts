import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PageWorld } from './testing/page-world.ts';
import { codeScreen, NOW, numberScreen, screens } from './testing/samples.ts';
import { ScriptedSession } from './testing/scripted-session.ts';

let world: PageWorld;
before(async () => (world = await PageWorld.open()));
after(() => world[Symbol.asyncDispose]());

test('a whole purchase without the script: every step a plain form, waiting a page that loads itself again', async () => {
  await using visitor = await world.visitor({ javaScriptEnabled: false });
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: screens['methods'] ?? numberScreen() });
  session.onStep = (step, { body }) => {
    if (step === 'method') return numberScreen();
    if (step === 'number')
      return body.get('operator') ? screens['waitCode'] : numberScreen({ faults: ['operator_missing'] });
    if (step === 'resend') return codeScreen({ notice: 'code_resent', request: 'op1-2', resendsLeft: 2 });
    return { kind: 'success', at: NOW, maskedNumber: '+7', operator: null };
  };
  await page.goto(session.url);
  await page.getByRole('button', { name: 'Баланс мобильного телефона' }).click();
  await page.getByLabel('Номер мобильного телефона').fill('+7 705 123 45 67');
  await page.keyboard.press('Enter');
  await page.getByText('Выберите оператора.').waitFor();
  await page.getByLabel('Номер мобильного телефона').fill('+7 705 123 45 67');
  await page.getByRole('radio', { name: 'Beeline' }).check();
  await page.getByRole('button', { name: 'Eng' }).click();
  await page.getByText('Pay from your phone balance').waitFor();
  assert.equal(await page.getByLabel('Mobile number').inputValue(), '705 123 45 67', 'the language kept the number');
  await page.getByRole('radio', { name: 'Beeline' }).check();
  await page.getByRole('button', { name: 'Pay ₸1,000.00' }).click();
  await page.getByText('Sending you a code').waitFor();
  session.move(codeScreen({ resendAllowedAt: NOW }), { isQuiet: true });
  await page.getByText('Enter the code').waitFor();
  await page.getByRole('button', { name: 'Send a new code' }).click();
  await page.getByText('A new code has been sent.').waitFor();
  await page.getByLabel('Code from the message').fill('123456');
  await page.keyboard.press('Enter');
  await page.getByText('Paid', { exact: true }).waitFor();
  assert.deepEqual(world.server.posts(), ['method', 'number', 'language', 'number', 'resend', 'code']);
  const first = world.server.asked.find(({ url }) => url.pathname.endsWith('/number'));
  assert.equal(first?.body.get('number'), '+7 705 123 45 67');
});

test('an enforced operator that is away is asked after again, with the number kept, until Pay is there', async () => {
  for (const javaScriptEnabled of [false, true]) {
    await using visitor = await world.visitor({ javaScriptEnabled });
    const { page } = visitor;
    const away = {
      chosen: 'KCELL',
      locked: true,
      operators: [{ id: 'KCELL', unavailable: { kind: 'outage' } }],
    } as const;
    const session = new ScriptedSession(world, { screen: numberScreen(away) });
    await page.goto(session.url);
    await page.getByLabel('Номер мобильного телефона').fill('701 123 45 67');
    const pay = page.getByRole('button', { name: 'Оплатить' });
    const again = page.getByRole('button', { name: 'Попробовать ещё раз' });
    assert.equal(await pay.count(), 0);
    // Without the script the answer is a redirect, and only then the screen.
    const answered = page.waitForResponse((response) => {
      const request = response.request();
      return response.status() === 200 && (request.method() === 'POST' || request.redirectedFrom() !== null);
    });
    await Promise.all([answered, again.click()]);
    await again.waitFor();
    session.move(numberScreen({ chosen: 'KCELL', locked: true }), { isQuiet: true });
    await again.click();
    await pay.waitFor();
    assert.equal(await again.count(), 0);
    assert.equal(await page.getByLabel('Номер мобильного телефона').inputValue(), '701 123 45 67');
    assert.deepEqual(world.server.posts(), ['language', 'language']);
  }
});

test('a resend that takes its time can be asked after without the script', async () => {
  await using visitor = await world.visitor({ javaScriptEnabled: false });
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen({ request: '1.0', resendAllowedAt: NOW }) });
  session.onStep = () => codeScreen({ request: '1.1', resending: true });
  await page.goto(session.url);
  await page.getByRole('button', { name: 'Отправить новый код' }).click();
  await page.getByText('Отправляем новый код').waitFor();
  session.move(codeScreen({ request: '1.1', notice: 'code_resent' }), { isQuiet: true });
  await page.getByRole('link', { name: 'Обновить страницу' }).click();
  await page.getByText('Новый код отправлен.').waitFor();
  assert.deepEqual(world.server.posts(), ['resend']);
});

test('to cancel asks once more without the script too', async () => {
  await using visitor = await world.visitor({ javaScriptEnabled: false });
  const { page } = visitor;
  const session = new ScriptedSession(world, { screen: codeScreen() });
  session.onStep = () => screens['declineNoMoney'];
  await page.goto(session.url);
  await page.getByText('Отменить платёж').click();
  assert.deepEqual(world.server.posts(), []);
  await page.getByRole('button', { name: 'Да, отменить' }).click();
  await page.getByText('Платёж не прошёл').waitFor();
  assert.deepEqual(world.server.posts(), ['leave']);
});
