import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { CONSENT_VERSION } from '../consent.ts';
import { languages } from '../surroundings.ts';
import { en } from './en.ts';
import { type Plural, speechOf, tables } from './words.ts';

type Entry = string | Plural;
const entries = (language: keyof typeof tables): [string, Entry][] => Object.entries(tables[language]);
const formsOf = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const placeholders = (text: string): string =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .toSorted()
    .join();

for (const language of languages) {
  test(`${language}: every text and every plural form has the placeholders of the English one`, () => {
    for (const [key, entry] of entries(language)) {
      const [wanted = ''] = formsOf(Object.entries(en).find(([name]) => name === key)?.[1] ?? '');
      for (const form of formsOf(entry)) assert.equal(placeholders(form), placeholders(wanted), `${language} ${key}`);
    }
  });

  test(`${language}: plurals tell apart what the language does`, () => {
    const rules = new Intl.PluralRules(language);
    const needed = new Set(Array.from({ length: 200 }, (_, n) => rules.select(n)));
    for (const [key, entry] of entries(language)) {
      if (typeof entry === 'string') continue;
      for (const category of needed) assert.ok(entry[category], `${language} ${key} has no "${category}"`);
    }
  });

  test(`${language}: typography`, () => {
    for (const [key, entry] of entries(language)) {
      for (const form of formsOf(entry)) {
        assert.doesNotMatch(form, /\s\s|^\s|\s$|\.\.\.|"|'|\s[.,:;!?]/, `${language} ${key}: ${form}`);
      }
    }
  });
}

test('each language is written in its own letters', () => {
  for (const language of ['kk', 'ru'] as const) {
    for (const [key, entry] of entries(language)) {
      const text = formsOf(entry)
        .join(' ')
        .replaceAll(/\{\w+\}|SMS|Rocketpay/g, '');
      assert.doesNotMatch(text, /[A-Za-z]/, `${language} ${key}`);
    }
  }
  assert.ok(entries('ru').every(([, entry]) => formsOf(entry).every((form) => !/[әғқңөұүһі]/i.test(form))));
});

test('what is filled in is escaped, and numbers choose their form', () => {
  assert.equal(speechOf('en').say('payment', { id: '<b>' }).source, 'Payment &lt;b&gt;');
  const left = [1, 2, 5, 21].map((n) => speechOf('ru').count('attemptsLeft', n).source);
  assert.deepEqual(left, [
    'Осталась 1\u00A0попытка.',
    'Осталось 2\u00A0попытки.',
    'Осталось 5\u00A0попыток.',
    'Осталась 21\u00A0попытка.',
  ]);
  assert.equal(speechOf('kk').count('attemptsLeft', 3).source, '3\u00A0мүмкіндік қалды.');
});

test('a number stays with what it counts, a short word with the next, a dash with what is before it', () => {
  assert.equal(speechOf('ru').say('numberTitle').source, 'Оплата с\u00A0баланса телефона');
  assert.match(speechOf('ru').say('fault_number_malformed').source, /10\u00A0цифр/);
  assert.match(speechOf('ru').count('tryAgainLeft', 4, { left: '9:00' }).source, /времени\u00A0— 9:00/);
  assert.match(speechOf('kk').say('fault_number_malformed').source, /10\u00A0цифр/);
});

test('the consent that is stored by its version is the text of that version', () => {
  const text = languages.flatMap((one) => [
    tables[one].consent,
    tables[one].consentTerms,
    tables[one].consentTermsLink,
  ]);
  const digest = createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
  assert.deepEqual(
    { [CONSENT_VERSION]: digest },
    { '1': '97ffadd7ede32507' },
    'a changed text needs a new CONSENT_VERSION',
  );
});
