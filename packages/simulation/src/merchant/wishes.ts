import type { Random } from '../world/random.ts';

/** What a payer will do when a code is wanted. */
export type PayerStyle =
  | 'right'
  | 'wrong_then_right'
  | 'always_wrong'
  | 'late'
  | 'resender'
  | 'silent'
  | 'double'
  | 'scatterbrain';

/** What a payer on the Payment Page does after a decline, or when the number was the wrong one; null buys through Gate. */
export type RetryStyle = 'again' | 'other_number' | 'changes_number' | 'leaves' | 'wanders_off';

/** How a merchant will refund a purchase that succeeded. */
export type RefundStyle = 'none' | 'full' | 'partial' | 'at_once' | 'too_much' | 'twice';

/** Whose endpoints the callbacks go to. */
export const shops = ['first', 'second', 'third'] as const;

/** One purchase as its payer and merchant mean it, drawn before it begins. */
export interface Wishes {
  readonly paymentId: string;
  readonly number: string;
  /** Another phone of the payer's. */
  readonly otherNumber: string;
  readonly amountMinor: number;
  readonly payer: PayerStyle;
  readonly refunds: RefundStyle;
  readonly url: string;
  readonly ownAddresses: boolean;
  readonly callbackDelayMs: number;
  readonly callbacksDisabled: boolean;
  readonly bestBeforeMs: number | null;
  readonly alsoSendsAnotherBody: boolean;
  readonly retries: RetryStyle | null;
}

export function drawWishes(random: Random, index: number): Wishes {
  return {
    paymentId: `Order-${index}`,
    number: random.chance(0.02)
      ? `8${String(index).padStart(9, '0')}`
      : `77${random.between(100, 999)}${String(index).padStart(6, '0')}`,
    otherNumber: `76${random.between(100, 999)}${String(index).padStart(6, '0')}`,
    amountMinor: random.between(100, 5_000_000),
    payer: random.weighted({
      right: 55,
      wrong_then_right: 11,
      always_wrong: 4,
      late: 6,
      resender: 8,
      silent: 6,
      double: 6,
      scatterbrain: 4,
    }),
    refunds: random.weighted({ none: 30, full: 14, partial: 16, at_once: 24, too_much: 8, twice: 8 }),
    url: `https://${random.pick(shops)}.example/callbacks`,
    ownAddresses: random.chance(0.1),
    callbackDelayMs: random.chance(0.1) ? random.between(1_000, 600_000) : 0,
    callbacksDisabled: random.chance(0.03),
    bestBeforeMs: random.chance(0.05) ? random.between(10_000, 900_000) : null,
    alsoSendsAnotherBody: random.chance(0.05),
    retries: random.chance(0.35)
      ? random.weighted({ again: 40, other_number: 20, changes_number: 20, leaves: 10, wanders_off: 10 })
      : null,
  };
}
