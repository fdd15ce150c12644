/** One thing to say of one member of a body. */
export type Finding = { readonly path: string; readonly says: string };
/** The first findings, and how many more there are. */
export type Findings = { readonly listed: readonly Finding[]; readonly more: number };
/** A finding before its path is written. */
export type Found = { readonly keys: readonly string[]; readonly says: string };

const maxListed = 50;
const maxPath = 200;

/**
 * The findings as they are shown. Each repeats the names above its member, and strangers may ask: a small body with a
 * long name could otherwise be answered with a hundred megabytes.
 */
export function listed(all: Iterable<Found>): Findings {
  const first: Finding[] = [];
  let more = 0;
  for (const { keys, says } of all)
    if (first.length < maxListed) first.push({ path: shortened(keys.join(':')), says });
    else more += 1;
  return { listed: first, more };
}

/** A path with its middle left out when it is longer than anybody reads. */
export const shortened = (path: string): string =>
  path.length <= maxPath ? path : `${path.slice(0, maxPath / 2)}…${path.slice(1 - maxPath / 2)}`;

/** The findings that are not listed, in words; undefined when all are. */
export const moreWords = ({ more }: Findings): string | undefined => (more === 0 ? undefined : `and ${more} more`);
