import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { paymentKey } from './payment-key.ts';

const equal = (a: string, b: string) => assert.equal(paymentKey(a), paymentKey(b), `${a} = ${b}`);
const different = (a: string, b: string) => assert.notEqual(paymentKey(a), paymentKey(b), `${a} ≠ ${b}`);

test('keys are stored: these must never change', () => {
  const vectors: readonly (readonly [string, string])[] = [
    ['Order-1', 'order-1'],
    ['ORDER_№7', 'order_№7'],
    ['Заказ', 'заказ'],
    ['ҚАЗАҚ', 'қазақ'],
    ['\u212a', 'k'],
    ['\u017f', 's'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
    ['ẞ', 'ß'],
    ['ǅ', 'ǆ'],
    ['ᾼ', 'ᾳ'],
    ['\u{10400}', '\u{10428}'],
    ['\uab70', '\u13a0'],
    ['\u13f8', '\u13f0'],
    ['\u1c90', '\u10d0'],
    ['\u1fd3', '\u0390'],
    ['\u1fe3', '\u03b0'],
    ['\ufb05', '\ufb06'],
    ['İ', 'İ'],
    ['ı', 'ı'],
    ['🙂', '🙂'],
    ['', ''],
  ];
  for (const [id, key] of vectors) assert.equal(paymentKey(id), key, id);
});

test('letters that differ in case only are one', () => {
  equal('K', 'k');
  equal('\u212a', 'K');
  equal('ſ', 'S');
  equal('Σ', 'ς');
  equal('σ', 'ς');
  equal('ẞ', 'ß');
  equal('Ǆ', 'ǅ');
});

test('letters that are others stay others', () => {
  different('ß', 'ss');
  different('İ', 'i');
  different('ı', 'i');
  different('ı', 'I');
  different('İ', 'ı');
  different('é', 'e');
  different('ﬀ', 'ff');
});

test('every code point folds as a case-insensitive regular expression compares it', () => {
  const cased: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (/[\p{Cased}\p{Changes_When_Casefolded}\p{Changes_When_Casemapped}]/u.test(character)) cased.push(character);
    else if (paymentKey(character) !== character) assert.fail(`U+${code.toString(16)} has no case, yet it folds`);
  }
  const all = cased.join('');
  const groups = new Map<string, string[]>();
  for (const character of cased) {
    const key = paymentKey(character);
    const group = groups.get(key);
    if (group) group.push(character);
    else groups.set(key, [character]);
  }
  for (const [key, group] of groups) {
    const same = all.match(new RegExp(`\\u{${(key.codePointAt(0) ?? 0).toString(16)}}`, 'giu')) ?? [];
    assert.deepEqual(group, same, `U+${key.codePointAt(0)?.toString(16)}`);
  }
});

test('a key has as many code points as its id, and is its own key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      const key = paymentKey(id);
      assert.equal([...key].length, [...id].length);
      assert.equal(paymentKey(key), key);
    }),
  );
});
