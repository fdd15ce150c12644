import type { Settings } from './config.ts';
import { KNOBS, type KnobName } from './knobs.ts';
import { OPERATORS, type Operator } from './operators.ts';

/** How a brand behaves towards every number that is no sentinel. */
export interface Profile {
  readonly codeLength: number;
  readonly codeLifeSeconds: number;
  readonly wrongCodesAllowed: number;
  readonly lockoutSeconds: number;
  readonly resendsAllowed: number;
  readonly resendAfterSeconds: number | null;
  readonly sameCodeOnResend: boolean;
  readonly leastAmountMinor: number;
  readonly mostAmountMinor: number;
  readonly daySumMinor: number | null;
  readonly monthSumMinor: number | null;
  readonly dayCount: number | null;
  readonly unidentifiedCapMinor: number | null;
  readonly leastBalanceLeftMinor: number;
  readonly reservationLifeSeconds: number;
  readonly refunds: 'any' | 'whole' | 'none';
  readonly refundWindowDays: number | null;
  readonly commissionBps: number;
  readonly latencyMs: number;
  readonly latencyP99Ms: number;
  readonly lostAnswerPercent: number;
  readonly noticeDelayMs: number;
  readonly doubledNoticePercent: number;
  readonly shuffledNoticePercent: number;
  readonly strayNoticePercent: number;
  readonly nightWindow: string | null;
  readonly maintenanceWindow: string | null;
}

/** What every profile starts as: an operator without peculiarities. */
const ORDINARY = {
  codeLength: 6,
  wrongCodesAllowed: 10,
  lockoutSeconds: 0,
  resendsAllowed: 3,
  resendAfterSeconds: null,
  sameCodeOnResend: false,
  leastAmountMinor: 1,
  mostAmountMinor: 10 ** 13,
  daySumMinor: null,
  monthSumMinor: null,
  dayCount: null,
  unidentifiedCapMinor: null,
  leastBalanceLeftMinor: 0,
  refunds: 'any',
  refundWindowDays: null,
  commissionBps: 0,
  latencyMs: 0,
  latencyP99Ms: 0,
  lostAnswerPercent: 0,
  noticeDelayMs: 0,
  doubledNoticePercent: 0,
  shuffledNoticePercent: 0,
  strayNoticePercent: 0,
  nightWindow: null,
  maintenanceWindow: null,
} as const;

/** A profile as it is at every start. */
export function ordinaryProfile(
  operator: Operator,
  settings: Pick<Settings, 'otpTtlSeconds' | 'reservationTtlSeconds'>,
): Profile {
  return {
    ...ORDINARY,
    codeLength: operator === 'BEELINE' ? 5 : 6,
    codeLifeSeconds: settings.otpTtlSeconds,
    reservationLifeSeconds: settings.reservationTtlSeconds,
  };
}

/** The operators' profiles as they are now. Kept in memory: a restart brings back healthy operators. */
export class Profiles {
  readonly #settings: Settings;
  readonly #profiles = new Map<Operator, Profile>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  of(operator: Operator): Profile {
    const known = this.#profiles.get(operator);
    if (known) return known;
    const ordinary = ordinaryProfile(operator, this.#settings);
    this.#profiles.set(operator, ordinary);
    return ordinary;
  }

  all(): Readonly<Record<Operator, Profile>> {
    return Object.fromEntries(OPERATORS.map((operator) => [operator, this.of(operator)])) as Record<Operator, Profile>;
  }

  /** Sets some knobs; answers what is wrong with them, and then sets none. */
  change(operator: Operator, knobs: Readonly<Record<string, unknown>>): string[] {
    const faults = Object.entries(knobs).flatMap(([name, value]) => {
      if (!Object.hasOwn(KNOBS, name)) return [`${name} is no knob`];
      const { fits, must } = KNOBS[name as KnobName];
      return fits(value) ? [] : [`${name} must be ${must}`];
    });
    if (faults.length === 0) this.#profiles.set(operator, { ...this.of(operator), ...knobs });
    return faults;
  }

  reset(operator: Operator): void {
    this.#profiles.delete(operator);
  }
}

/** A time to an answer: log-normal, by its median and its 99th percentile. `chance` is uniform in [0, 1). */
export function latencyOf({ latencyMs, latencyP99Ms }: Profile, chance = Math.random): number {
  if (latencyMs === 0 && latencyP99Ms === 0) return 0;
  const median = Math.max(latencyMs, 1);
  const Z99 = 2.326;
  const sigma = Math.log(Math.max(latencyP99Ms, median) / median) / Z99;
  const z = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return Math.min(Math.round(median * Math.exp(sigma * z)), 120_000);
}

export function happens(percent: number, chance = Math.random): boolean {
  return percent > 0 && chance() * 100 < percent;
}
