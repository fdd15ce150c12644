import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { spell } from './money.ts';
import type { PaymentRow } from './rows.ts';

export function newCode(length: number): string {
  return String(randomInt(10 ** length)).padStart(length, '0');
}

/** A code is kept as this only; bound to its payment, so that no other payment's code matches. */
export function codeDigest(key: Buffer, paymentId: string, code: string): Buffer {
  return createHmac('sha256', key).update(`${paymentId}:${code}`).digest();
}

export function codeMatches(key: Buffer, payment: PaymentRow, code: string): boolean {
  const { code_digest: digest } = payment;
  return digest !== null && timingSafeEqual(digest, codeDigest(key, payment.id, code));
}

/** What the payer reads: what you see is what you sign, so the amount and the order are in it. */
export function codeText(payment: PaymentRow, code: string): string {
  const what = `Оплата ${spell(payment.amount_minor)}, заказ ${payment.reference}`;
  return `Rocketpay: код ${code}. ${what}. Никому не сообщайте.`;
}
