export type Spread = { readonly p50Ms: number; readonly p99Ms: number };

/** Nearest rank: the least of the sorted values that a `share` (0 to 1) of them do not exceed. NaN where there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function spreadOf(durationsMs: readonly number[]): Spread {
  const sorted = durationsMs.toSorted((one, other) => one - other);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}
