import { isSignable } from '../canonical.ts';
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
  if (parsed.ok && typeof parsed.value === 'object' && parsed.value !== null && isSignable(parsed.value))
    return textsToSign(parsed.value)[0]?.lines ?? [];
  // A semicolon within a value is followed by no name and colon, or it is taken for the start of a line.
  return signed.split(/;(?=[^;:\s]+:)/);
}

const pathOf = (line: string): string => line.slice(0, line.lastIndexOf(':'));

/** The places of the lines of one name, the first one last: to be popped. */
function placesBy(lines: readonly string[], nameOf: (line: string) => string | null): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let at = lines.length - 1; at >= 0; at--) {
    const name = nameOf(lines[at] ?? '');
    if (name === null) continue;
    const known = places.get(name);
    if (known) known.push(at);
    else places.set(name, [at]);
  }
  return places;
}

/**
 * Where the lines of what was signed and of what was sent part, in the order of the sent ones. Strangers may ask it of
 * thousands of lines: each is looked at once.
 */
export function compareLines(signed: readonly string[], sent: readonly string[]): Difference {
  const known = new Set(sent);
  const equal = placesBy(signed, (line) => line);
  // The same member with another value belongs beside it.
  const twins = placesBy(signed, (line) => (known.has(line) ? null : pathOf(line)));
  const placed = new Set<number>();
  const lines: DifferenceLine[] = [];
  for (const line of sent) {
    const same = equal.get(line)?.pop();
    const twin = same === undefined ? twins.get(pathOf(line))?.pop() : undefined;
    for (const at of [same, twin]) if (at !== undefined) placed.add(at);
    if (twin !== undefined) lines.push({ kind: 'only-signed', line: signed[twin] ?? '' });
    lines.push({ kind: same === undefined ? 'only-sent' : 'both', line });
  }
  for (const [at, line] of signed.entries()) if (!placed.has(at)) lines.push({ kind: 'only-signed', line });
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
