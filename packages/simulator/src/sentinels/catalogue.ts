import { BRANDS } from './brands.ts';
import { CHARGING } from './charging.ts';
import { CODES } from './codes.ts';
import { LINK } from './link.ts';
import { REFUNDS } from './refunds.ts';
import { REFUSED } from './refused.ts';
import type { Group, Sentinel } from './sentinel.ts';

/** Every sentinel number, in the order of the numbers. A number of the range that is not here is ordinary. */
export const CATALOGUE: readonly Group[] = [REFUSED, CODES, LINK, CHARGING, REFUNDS, BRANDS];

const byNumber: ReadonlyMap<string, Sentinel> = new Map(
  CATALOGUE.flatMap((group) => group.sentinels).map((sentinel) => [sentinel.number, sentinel]),
);

export function sentinelOf(phone: string): Sentinel | undefined {
  return byNumber.get(phone);
}
