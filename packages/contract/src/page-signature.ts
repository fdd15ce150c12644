import type { JsonValue } from './json.ts';
import type { PageForm } from './page-form.ts';
import { jsonOf } from './page-kinds.ts';
import { isLook, isPageParameter, jsonParameters, maySwitch } from './page-table.ts';
import { type Secret, stringToSign, verifyMessage } from './signature.ts';

/** Base64 has no blanks: they are pluses that somebody forgot to encode. */
export const signatureOf = (form: PageForm): string => {
  const given = form['signature'];
  return typeof given === 'string' ? given.replaceAll(' ', '+') : '';
};

/** What a link's signature covers: all but itself, how the page was opened, and what begins with `_`. */
export const isSigned = (name: string): boolean =>
  name !== 'signature' && name !== 'frame_mode' && !name.startsWith('_');

export const signedPart = (form: PageForm): PageForm =>
  Object.fromEntries(Object.entries(form).filter(([name]) => isSigned(name)));

/**
 * Whether a link's signature holds. The family's SDKs part in two things: a switch travels as `true` and is signed as 1,
 * and an object travels as JSON and is signed as that text or member by member. Each way is tried where it makes a difference.
 */
export function verifyPage(form: PageForm, secret: Secret): boolean {
  const signature = signatureOf(form);
  const signed = signedPart(form);
  return waysOf(signed).some((way) => verifyMessage(way, signature, secret));
}

/** Equal for links that ask for the same payment, however they travelled, and in whatever frame or language they open. */
export function pageText(form: PageForm): string {
  const asks = Object.entries(signedPart(form)).filter(([name]) => !isLook(name));
  return stringToSign(opened(switched(Object.fromEntries(asks)), jsonParameters));
}

function waysOf(signed: PageForm): readonly PageForm[] {
  const objects = [signed, opened(signed, ['payment_methods_options']), opened(signed, jsonParameters)];
  const ways = objects.flatMap((form) => [form, switched(form)]);
  const seen = new Set<string>();
  return ways.filter((form) => {
    const text = JSON.stringify(form);
    return !seen.has(text) && seen.add(text);
  });
}

const switched = (form: PageForm): PageForm =>
  mapped(form, (name, value) => (maySwitch(name) ? asSwitch(value) : value));

const asSwitch = (value: JsonValue): JsonValue => (value === 'true' ? '1' : value === 'false' ? '0' : value);

const opened = (form: PageForm, names: readonly string[]): PageForm =>
  mapped(form, (name, value) =>
    typeof value === 'string' && isPageParameter(name) && names.includes(name) ? (jsonOf(value) ?? value) : value,
  );

function mapped(form: PageForm, change: (name: string, value: JsonValue) => JsonValue): PageForm {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, change(name, value)]));
}
