import { parseJson } from '../json.ts';
import { textsToSign } from './texts.ts';

export type DifferenceLine = { readonly kind: 'both' | 'only-signed' | 'only-sent'; readonly line: string };
export type Difference = {
  readonly lines: readonly DifferenceLine[];
  /** What the difference comes to, in a sentence. */
  readonly says: string;
};

/** The lines of what was signed: of a body, or of a text to sign as it was hashed. */
export function signedLines(signed: string): readonly string[] {
  const parsed = parseJson(new TextEncoder().encode(signed));
  if (parsed.ok && typeof parsed.value === 'object' && parsed.value !== null)
    return textsToSign(parsed.value)[0]?.lines ?? [];
  // A semicolon within a value is followed by no name and colon, or it is taken for the start of a line.
  return signed.split(/;(?=[^;:\s]+:)/);
}

const pathOf = (line: string): string => line.slice(0, line.lastIndexOf(':'));

/** Where the lines of what was signed and of what was sent part, in the order of the sent ones. */
export function compareLines(signed: readonly string[], sent: readonly string[]): Difference {
  const left = [...signed];
  const lines: DifferenceLine[] = [];
  for (const line of sent) {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    else {
      // The same member with another value belongs beside it.
      const twin = left.findIndex((other) => pathOf(other) === pathOf(line) && !sent.includes(other));
      if (twin >= 0)
        lines.push(...left.splice(twin, 1).map((other) => ({ kind: 'only-signed', line: other }) as const));
    }
    lines.push({ kind: at >= 0 ? 'both' : 'only-sent', line });
  }
  lines.push(...left.map((line) => ({ kind: 'only-signed', line }) as const));
  return { lines, says: sayOf(lines, signed, sent) };
}

function sayOf(lines: readonly DifferenceLine[], signed: readonly string[], sent: readonly string[]): string {
  const count = (kind: DifferenceLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  const [onlySigned, onlySent] = [count('only-signed'), count('only-sent')];
  if (onlySigned + onlySent > 0) {
    const what = [
      onlySent > 0 && `${lineCount(onlySent)} of what was sent ${wereNot(onlySent)} signed`,
      onlySigned > 0 && `${lineCount(onlySigned)} of what was signed ${wereNot(onlySigned)} sent`,
    ];
    return `${what.filter(Boolean).join(', ')}.`;
  }
  const at = signed.findIndex((line, index) => line !== sent[index]);
  return at < 0 ? 'The same lines in the same order.' : `The same lines in another order, from line ${at + 1} on.`;
}

const lineCount = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);
const wereNot = (count: number): string => (count === 1 ? 'was not' : 'were not');
