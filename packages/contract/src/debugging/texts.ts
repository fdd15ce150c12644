import { joined, leavesOf, linesOf, orders, sortLines, spellingsOf } from '../canonical.ts';
import type { SignOrder, Spelling } from '../canonical.ts';

/** One text that would be accepted, and the ways that lead to it. */
export type TextToSign = {
  readonly lines: readonly string[];
  readonly text: string;
  readonly orders: readonly SignOrder[];
  /** Empty where there is nothing special. */
  readonly spelling: string;
};

const spellingWords = ({ doubleColons, shortNumbers }: Spelling): string =>
  [doubleColons ? '' : 'colons in names not doubled', shortNumbers ? 'fractions in their shortest form' : '']
    .filter(Boolean)
    .join(', ');

/** Every text under which a signature of the body is accepted, the platform's own first. Equal ones are one. */
export function textsToSign(body: object): TextToSign[] {
  const leaves = leavesOf(body, [], []);
  const found = new Map<string, TextToSign>();
  for (const spelling of spellingsOf(leaves)) {
    const lines = linesOf(leaves, spelling);
    for (const order of orders) {
      const sorted = sortLines(lines, order);
      const text = joined(sorted);
      const known = found.get(text);
      found.set(text, {
        text,
        lines: sorted.map((line) => line.text),
        orders: known ? [...new Set([...known.orders, order])] : [order],
        spelling: known ? known.spelling : spellingWords(spelling),
      });
    }
  }
  return [...found.values()];
}
