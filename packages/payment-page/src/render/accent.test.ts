import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accentColours, contrast, readColour } from './accent.ts';

const surfaces = { light: ['#ffffff', '#f1f3f5'], dark: ['#1b2127', '#12161a'] };
const ratio = (one: string, other: string): number => {
  const [a, b] = [readColour(one), readColour(other)];
  assert.ok(a && b, `${one}, ${other}`);
  return contrast(a, b);
};

test('whatever colour a project chooses can be read in every place', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(channel, channel, channel, (r, g, b) => {
      const accent = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      const { fill, onFill, ink, darkInk } = accentColours(accent);
      assert.ok(ratio(onFill, fill) >= 4.5, `text on ${fill}`);
      for (const surface of surfaces.light) assert.ok(ratio(ink, surface) >= 4.5, `${ink} of ${accent} on ${surface}`);
      for (const surface of surfaces.dark) assert.ok(ratio(darkInk, surface) >= 4.5, `${darkInk} of ${accent}`);
    }),
  );
});

test('a colour that needs no correction is left as it is; what is no colour gives ours', () => {
  const { fill, ink } = accentColours('#0a5cc2');
  assert.deepEqual([fill, ink], ['#0a5cc2', '#0a5cc2']);
  assert.deepEqual([accentColours('#ffd21f').fill, accentColours('#ffd21f').onFill], ['#ffd21f', '#000000']);
  for (const none of [null, '', 'red', '#12', '#1234567', 'url(x)']) assert.equal(accentColours(none).fill, '#006a72');
});
