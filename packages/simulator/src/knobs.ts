/** What may be set for an operator, and how a value is checked. */
export interface Knob {
  readonly meaning: string;
  /** What a value must be, in words. */
  readonly must: string;
  readonly fits: (value: unknown) => boolean;
}

function number(meaning: string, least: number, most: number): Knob {
  const fits = (value: unknown) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return { meaning, must: `a whole number from ${least} to ${most}`, fits };
}

function orNull(knob: Knob): Knob {
  return { ...knob, must: `${knob.must}, or null for none`, fits: (value) => value === null || knob.fits(value) };
}

function choice(meaning: string, values: readonly unknown[]): Knob {
  return { meaning, must: `one of ${values.map(String).join(', ')}`, fits: (value) => values.includes(value) };
}

function hours(meaning: string): Knob {
  const must = 'hours in Kazakhstan such as "23:00-06:00"';
  const fits = (value: unknown) => typeof value === 'string' && windowOf(value) !== undefined;
  return orNull({ meaning, must, fits });
}

const percent = (meaning: string) => number(`${meaning}, percent of them`, 0, 100);
const MOST_MINOR = 10 ** 13;
const MOST_MS = 60_000;

/** Every knob of a profile; the page, the control API and the reference page come from here. */
export const KNOBS = {
  codeLength: number('Digits of a code', 3, 10),
  codeLifeSeconds: number('Life of a code', 1, 86_400),
  wrongCodesAllowed: number('The wrong code with this number ends the payment', 1, 100),
  lockoutSeconds: number('After that the number’s next payments are refused so long', 0, 86_400),
  resendsAllowed: number('New codes for one payment', 0, 100),
  resendAfterSeconds: orNull(number('When a new code may be asked for; without it, after the code’s life', 0, 86_400)),
  sameCodeOnResend: choice('Whether a resend repeats the code', [true, false]),
  leastAmountMinor: number('Least amount of a payment, minor units', 1, MOST_MINOR),
  mostAmountMinor: number('Greatest amount of a payment, minor units', 1, MOST_MINOR),
  daySumMinor: orNull(number('Most that a number pays in a day, minor units', 1, MOST_MINOR)),
  monthSumMinor: orNull(number('Most that a number pays in a month, minor units', 1, MOST_MINOR)),
  dayCount: orNull(number('Most payments of a number in a day', 0, 10_000)),
  unidentifiedCapMinor: orNull(
    number('All numbers are unidentified: most in one payment and in a day, minor units', 1, MOST_MINOR),
  ),
  leastBalanceLeftMinor: number('What a payment must leave on the balance, minor units', 0, 10 ** 15),
  reservationLifeSeconds: number('Life of an unconfirmed reservation', 0, 86_400),
  refunds: choice('Which refunds there are', ['any', 'whole', 'none']),
  refundWindowDays: orNull(number('How long after the charge a refund is possible', 0, 3_650)),
  commissionBps: number('Commission named in a charged payment, hundredths of a percent', 0, 10_000),
  latencyMs: number('Median time to an answer, ms', 0, MOST_MS),
  latencyP99Ms: number('What one answer in a hundred takes longer than, ms', 0, MOST_MS),
  lostAnswerPercent: percent('Confirms that charge and are never answered'),
  noticeDelayMs: number('How late notices are sent, ms', 0, 3_600_000),
  doubledNoticePercent: percent('Notices sent twice'),
  shuffledNoticePercent: percent('Charges whose notice is followed by older ones'),
  strayNoticePercent: percent('Resends followed by a notice of a reservation that does not exist'),
  nightWindow: hours('No new payments in these hours: refused with `operator_unavailable`'),
  maintenanceWindow: hours('Every call is answered 503 in these hours'),
} as const satisfies Readonly<Record<string, Knob>>;

export type KnobName = keyof typeof KNOBS;

/** Kazakhstan has one time zone. */
const ZONE_MS = 5 * 3_600_000;
const DAY_MINUTES = 1_440;

function windowOf(text: string): { readonly from: number; readonly until: number } | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!found) return undefined;
  const [, fromHour, fromMinute, untilHour, untilMinute] = found.map(Number);
  return { from: Number(fromHour) * 60 + Number(fromMinute), until: Number(untilHour) * 60 + Number(untilMinute) };
}

/** Whether a window is on at a moment; one that ends before it begins goes over midnight. */
export function isWithin(text: string | null, now: number): boolean {
  const found = text === null ? undefined : windowOf(text);
  if (!found) return false;
  const minute = Math.floor((now + ZONE_MS) / 60_000) % DAY_MINUTES;
  const { from, until } = found;
  return from <= until ? from <= minute && minute < until : from <= minute || minute < until;
}

/** The first moment of the day, or of the month, in Kazakhstan. */
export function startOf(unit: 'day' | 'month', now: number): number {
  const there = new Date(now + ZONE_MS);
  const day = unit === 'day' ? there.getUTCDate() : 1;
  return Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), day) - ZONE_MS;
}
