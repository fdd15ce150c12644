import type { PageModel, UnavailableReason } from '../../model.ts';
import { speechOf } from '../../words/words.ts';
import { formatAmount } from '../amounts.ts';
import type { Html } from '../html.ts';

/** Why a method or an operator cannot be chosen, in a few words. */
export function unavailableText(model: PageModel, reason: UnavailableReason): Html {
  const speech = speechOf(model.language);
  if (!('limitMinor' in reason)) return speech.say(`unavailable_${reason.kind}`);
  const limit = formatAmount(reason.limitMinor, model.payment.currency, model.language);
  return speech.say(`unavailable_${reason.kind}`, { limit });
}
