import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { maxDepth, NumberText, parseJson } from './json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const valueOf = (text: string): unknown => {
  const parsed = parse(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
};

test('numbers that JavaScript would change keep their digits', () => {
  const kept = [
    '1.0',
    '1.50',
    '0.1',
    '1e3',
    '1E3',
    '-0',
    '-0.0',
    '9007199254740993',
    '12345678901234567890',
    '-12345678901234567890',
    '1e999',
  ];
  for (const source of kept) {
    for (const text of [source, `[${source}]`, `{"a":"1","b":${source},"c":7}`]) {
      assert.equal(JSON.stringify(valueOf(text)), text);
      assert.match(
        inspect(valueOf(text)),
        new RegExp(`NumberText {\\s+source: '${source.replaceAll('.', '\\.')}'`),
        text,
      );
    }
  }
});

test('plain integers are numbers, with or without a kept one beside them', () => {
  const plain = [0, -1, 7, 100000, 999999999999999, 9007199254740991, -9007199254740991];
  assert.deepEqual(valueOf(JSON.stringify(plain)), plain);
  assert.deepEqual(valueOf(`[1.5,${plain.join(',')}]`), [new NumberText('1.5'), ...plain]);
});

test('digits, signs and brackets inside strings are nothing but text', () => {
  const text = '{"a":"1.5 -0 1e5 [[[ {{{ \\" \\\\","b\\"[":[1]}';
  assert.deepEqual(valueOf(text), JSON.parse(text));
});

test('an escaped quote does not end a string', () => {
  const text = `["\\"${'['.repeat(maxDepth + 8)}", 1]`;
  assert.deepEqual(valueOf(text), JSON.parse(text));
});

test('broken JSON, broken UTF-8 and depth are told apart', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  for (const broken of ['', '{', '{"a":1,}', 'nul', '01', '"\n"', '{"a":1}x', "{'a':1}", '"\\', '1.5.', '[1.5,]'])
    assert.deepEqual(parse(broken), { ok: false, reason: 'not-json' }, broken);
  for (const bytes of [[0x22, 0xff, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xc3]])
    assert.deepEqual(parseJson(Uint8Array.from(bytes)), { ok: false, reason: 'not-utf8' });
  assert.equal(parse(nested(maxDepth)).ok, true);
  assert.deepEqual(parse(nested(maxDepth + 1)), { ok: false, reason: 'too-deep' });
  assert.deepEqual(parse('{"a":'.repeat(maxDepth + 1)), { ok: false, reason: 'too-deep' });
  assert.equal(parse(`[${'[],{},'.repeat(200)}0]`).ok, true);
});

test('a megabyte of open brackets is refused without being parsed', () => {
  for (const bracket of ['[', '{"a":', '[{"a":'])
    assert.deepEqual(parse(bracket.repeat(2 ** 20 / bracket.length)), { ok: false, reason: 'too-deep' });
});

test('a member called __proto__ is an ordinary member', () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1.5}}']) {
    const value = valueOf(text) as object;
    assert.deepEqual(Object.keys(value), ['__proto__']);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal('polluted' in value, false);
  }
});

const digits = (value: unknown): unknown => {
  if (value instanceof NumberText) return Number(value.source);
  if (Array.isArray(value)) return value.map(digits);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, digits(member)]));
};

test('any JSON reads as JSON.parse reads it, but for the kept digits', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), (text) => {
      assert.deepEqual(digits(valueOf(text)), digits(JSON.parse(text)));
    }),
  );
});

test('no bytes at all make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.equal(typeof parseJson(bytes).ok, 'boolean')),
  );
});
