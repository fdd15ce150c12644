import type { SignOrder } from '../canonical.ts';
import type { Report } from './report.ts';

const orderNames: Readonly<Record<SignOrder, string>> = {
  natural: 'natural order of the paths (ours, PHP)',
  'per-level': 'each level by itself (JavaScript)',
  path: 'paths by bytes (Python)',
  line: 'whole lines by bytes (Go, Java)',
};

/** Which ways lead to a text. */
export const orderWords = (orders: readonly SignOrder[], spelling: string): string =>
  [orders.map((order) => orderNames[order]).join(', '), spelling].filter(Boolean).join('; ');

type Words = {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly says: string;
  readonly causes: readonly string[];
};

/**
 * What the verdict comes to, in words.
 *
 * @param advice how to give what was signed as well, as a whole sentence
 */
export function verdictWords(
  { verdict, texts, fault, difference }: Extract<Report, { ok: true }>,
  advice: string,
): Words {
  if (verdict.kind === 'match') {
    const text = texts[verdict.at];
    const which = texts.length > 1 && text ? ` Its order: ${orderWords(text.orders, text.spelling)}.` : '';
    return { tone: 'good', says: `The signature fits.${which}`, causes: [] };
  }
  if (verdict.kind === 'mismatch' && verdict.causes.length > 0)
    return { tone: 'bad', says: 'The signature does not fit, and this is why:', causes: verdict.causes };
  if (fault !== undefined) return { tone: 'bad', says: `This signature cannot fit. ${fault}`, causes: [] };
  if (verdict.kind === 'unchecked') return { tone: 'plain', says: verdict.why, causes: [] };
  const unexplained =
    'The signature does not fit, and no common mistake explains it. It was made with another secret, or of another body.';
  return { tone: 'bad', says: difference ? unexplained : `${unexplained} ${advice}`, causes: [] };
}
