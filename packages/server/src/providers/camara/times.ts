const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** A zero time and a slipped digit are nonsense, not instants. */
const EARLIEST_MS = Date.UTC(2000, 0);
const LATEST_MS = Date.UTC(2100, 0);

/** An RFC 3339 instant in epoch milliseconds; undefined for anything else. */
export function instantOf(value: unknown): number | undefined {
  const parts = typeof value === 'string' && value.length <= 64 ? RFC_3339.exec(value) : null;
  if (!parts) return undefined;
  const [, year, month, day, time, fraction = '', offset = ''] = parts;
  // Date.parse takes 30 February for 2 March.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse(`${year}-${month}-${day}T${time}${fraction.slice(0, 4)}${offset.toUpperCase()}`);
  return at >= EARLIEST_MS && at < LATEST_MS ? at : undefined;
}

/** Epoch milliseconds as RFC 3339 in UTC. */
export function instantText(atMs: number): string {
  return new Date(atMs).toISOString();
}
