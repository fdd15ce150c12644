import { operatorIds, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { Random } from '../world/random.ts';

/** How the operator will treat one session, drawn when the session begins. Times in milliseconds. */
export interface Habits {
  readonly start: 'code' | 'no_code' | 'later' | 'charge' | 'denied';
  readonly brand: OperatorId;
  readonly denial: DeclineReason;
  readonly deniesCode: boolean;
  readonly deniesConfirm: boolean;
  /** Says no to the confirmation and charges all the same. */
  readonly chargesInSpite: boolean;
  readonly chargeFails: boolean;
  readonly chargesOtherSum: boolean;
  /** The payer answers the operator's text by text, past the merchant. */
  readonly takesCodeByText: boolean;
  readonly chargeAfterMs: number;
  readonly codeLifeMs: number;
  readonly sessionLifeMs: number;
  readonly reservationLifeMs: number;
  /** How long a new payment stays out of the look-up by correlator. */
  readonly unseenMs: number;
}

const MINUTE_MS = 60_000;
const denials = ['insufficient_balance', 'limit_day', 'service_barred', 'unknown_number', 'no_reason'] as const;

export function drawHabits(random: Random): Habits {
  const pace = random.weighted({ quick: 80, slow: 12, hours: 2, days: 1 });
  const [least, most] = {
    quick: [100, 3_000],
    slow: [MINUTE_MS, 20 * MINUTE_MS],
    hours: [3_600_000, 7_200_000],
    days: [90_000_000, 100_000_000],
  }[pace];
  return {
    start: random.weighted({ code: 83, no_code: 5, later: 4, charge: 3, denied: 5 }),
    brand: random.pick(operatorIds),
    denial: random.pick(denials),
    deniesCode: random.chance(0.03),
    deniesConfirm: random.chance(0.04),
    chargesInSpite: random.chance(0.3),
    chargesOtherSum: random.chance(0.004),
    takesCodeByText: random.chance(0.01),
    chargeFails: random.chance(0.05),
    chargeAfterMs: random.between(least ?? 0, most ?? 0),
    codeLifeMs: 80_000,
    sessionLifeMs: random.chance(0.1) ? 3 * MINUTE_MS : 45 * MINUTE_MS,
    reservationLifeMs: 15 * MINUTE_MS,
    unseenMs: random.chance(0.2) ? random.between(100, 2_000) : 0,
  };
}

export function drawRefundDelayMs(random: Random): number {
  const pace = random.weighted({ quick: 60, slow: 30, hours: 9, days: 1 });
  return random.between(1, 3) * { quick: 400, slow: 30_000, hours: 4_000_000, days: 90_000_000 }[pace];
}
