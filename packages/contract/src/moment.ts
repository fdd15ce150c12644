const momentForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/i;

/** What every part of the platform can hold: the database has no year 0, and its reader no year of five digits. */
const earliest = 0;
const end = Date.UTC(9999, 0, 1);

/**
 * Epoch milliseconds of an RFC 3339 time, or of the family's own forms of the offset, `+0000` and `+06`. Undefined for
 * anything else, for days and hours that no calendar or clock has, and outside 1970 to 9998 in UTC.
 */
export function parseMoment(text: string): number | undefined {
  const found = momentForm.exec(text);
  if (found === null) return undefined;
  const part = (group: number): number => Number(found[group] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  if (!isRealDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const milliseconds = Math.trunc(Number(`0.${found[7] ?? '0'}`) * 1000);
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000 * (found[8] === '-' ? -1 : 1);
  // Date.UTC reads years below 100 as 19xx.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const moment = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offset;
  return moment >= earliest && moment < end ? moment : undefined;
}

/** `2024-12-07T19:08:45+0000`: the one form of time that we send, always UTC and whole seconds. */
export const formatMoment = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}+0000`;

/** The same, rounded up: who waits until then has waited long enough. */
export const formatMomentFrom = (epochMs: number): string => formatMoment(Math.ceil(epochMs / 1_000) * 1_000);

export function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(year, month, 0);
  return day <= lastDay.getUTCDate();
}
