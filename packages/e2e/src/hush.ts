import assert from 'node:assert/strict';

/** What the stories used and no log may show: phone numbers and codes in full, and secrets. */
const hushed = new Set<string>(['test-secret', 'simulator-secret']);

/** Ids made by chance, whose digits may be a code's. */
const ids = /\b[\da-f]{8}-[\da-f]{4}[\da-f-]*/g;

/** Remembers something that must never turn up in a log. */
export function hush(text: string): void {
  // A code of five digits is too likely to turn up by chance, as a port or a number of milliseconds.
  if (text.length > 5) hushed.add(text);
}

/**
 * Fails when a line that one of the started processes wrote holds what it must not. The launcher's own lines greet the
 * person at the terminal with the sandbox's well-known secret, and are no log.
 */
export function assertHushed(output: string): void {
  const log = output
    .split('\n')
    .filter((line) => /^(?:platform|simulator|shop) *\| /.test(line))
    .join('\n')
    .replaceAll(ids, 'an id');
  for (const text of hushed) {
    const alone = new RegExp(`(?<!\\d)${text}(?!\\d)`);
    const line = alone.test(log) ? log.split('\n').find((one) => alone.test(one)) : undefined;
    assert.equal(line, undefined, 'a log line shows a secret, a code or a whole phone number');
  }
}
