import { operatorByPrefix } from './operators.ts';
import type { Operator } from './operators.ts';
import { sentinelOf } from './sentinels/catalogue.ts';
import type { Twist } from './sentinels/sentinel.ts';

export interface Subscriber {
  /** Eleven digits. */
  readonly phone: string;
  readonly operator: Operator;
  readonly twist: Twist;
}

const ORDINARY: Twist = {};

/** What is special about a number; empty for an ordinary one. */
export function twistOf(phone: string): Twist {
  return sentinelOf(phone)?.twist ?? ORDINARY;
}

/** The brand that answers for a number. */
export function operatorOf(phone: string): Operator {
  return twistOf(phone).operator ?? operatorByPrefix(phone);
}

/** The subscriber of an E.164 number, or undefined where the country is not ours. */
export function subscriberOf(phoneNumber: string): Subscriber | undefined {
  if (!/^\+7\d{10}$/.test(phoneNumber)) return undefined;
  const phone = phoneNumber.slice(1);
  const twist = twistOf(phone);
  return { phone, operator: operatorOf(phone), twist };
}
