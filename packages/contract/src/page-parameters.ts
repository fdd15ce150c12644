import { type Fault, type Parsed, report } from './fault.ts';
import { NumberText, type JsonObject, type JsonValue } from './json.ts';
import type { PageForm } from './page-form.ts';
import { jsonOf, readMoment } from './page-kinds.ts';
import { isPageParameter, jsonParameters, pageParameters, type PageParameterName } from './page-table.ts';
import { isSignatureForm } from './signature.ts';
import { isSigned, signatureOf } from './page-signature.ts';
import { isObject } from './shape.ts';
import { shown } from './text.ts';

export type ReturnMode = 'iframe' | 'parent_page' | 'blank_page';

/** A button back to the shop: `enabled` 0 never, 1 only in full-page mode, 2 always. */
export interface ReturnButton {
  readonly url: string | null;
  readonly enabled: 0 | 1 | 2 | null;
  readonly mode: ReturnMode | null;
}

/** Where a result leads by itself. */
export interface Redirect {
  readonly url: string;
  readonly mode: ReturnMode | null;
}

/** A Payment Page link as the platform works with it. */
export interface PageRequest {
  readonly projectId: number;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string | null;
  readonly customerId: string;
  /** Digits to fill the number's field with. */
  readonly prefill: string | null;
  readonly language: string | null;
  /** Epoch milliseconds; may lie in the past, or too far ahead to count. */
  readonly bestBeforeAt: number | null;
  /** The one method offered, whatever else there is. */
  readonly forcedMethod: string | null;
  readonly preselectedMethod: string | null;
  readonly hiddenMethods: readonly string[];
  /** The operator the merchant enforces, as it was sent. */
  readonly operator: string | null;
  readonly buttons: Readonly<Record<'success' | 'fail' | 'return', ReturnButton>>;
  readonly redirects: Readonly<Record<'success' | 'fail', Redirect | null>>;
  readonly callbacks: { readonly url: string | null; readonly success: string | null; readonly decline: string | null };
  readonly interfaceTypeId: number | string | null;
  /** The merchant's own words, which callbacks say again; an object as JSON. */
  readonly merchantData: string | null;
  /** What is kept with the payment: the payer's data and the merchant's own, as they were sent. */
  readonly kept: Readonly<Record<string, JsonValue>>;
}

/** Reads a link. The signature's form is checked, the signature itself is not. Faults come in the table's order. */
export function parsePage(form: PageForm): Parsed<PageRequest> {
  const faults: Fault[] = [];
  for (const name of Object.keys(pageParameters) as PageParameterName[]) checkParameter(name, form[name], faults);
  checkSignature(form, faults);
  for (const [name, value] of Object.entries(form)) checkText(name, value, faults);
  checkForced(form, faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: read(form) };
}

function checkParameter(name: PageParameterName, value: JsonValue | undefined, faults: Fault[]): void {
  const { kind, required = false, code = '502' } = pageParameters[name] as (typeof pageParameters)['payment_id'];
  if (value === undefined || value === '') {
    if (required) report(faults, '2004', name, 'required', `is required, and must be ${kind.expected}`);
    return;
  }
  if (typeof value !== 'string') {
    if (!jsonParameters.includes(name)) report(faults, code, name, 'type', `must be ${kind.expected}`);
    return;
  }
  const broken = kind.broken(value);
  if (broken !== undefined) report(faults, code, name, broken, `must be ${kind.expected}`);
}

function checkSignature(form: PageForm, faults: Fault[]): void {
  const signature = signatureOf(form);
  if (signature === '') report(faults, '3262', 'signature', 'required', 'is required');
  else if (!isSignatureForm(signature))
    report(faults, '3261', 'signature', 'signature', 'must be 88 characters of standard base64');
}

/**
 * The text to sign joins its lines with `;` and escapes none, so a value with `;` could stand for other parameters, or for
 * the members of a Gate body. The family forbids it; in an object it is looked for in every name and value. What is not
 * signed stands in no such text: the widget's `_referrer` is whatever address the shop's page has.
 */
function checkText(name: string, value: JsonValue, faults: Fault[]): void {
  if (!isSigned(name)) return;
  const inner = typeof value === 'string' ? jsonOfParameter(name, value) : value;
  if (hasSemicolon(value) || hasSemicolon(inner ?? null))
    report(faults, '702', shown(name), 'signatureAmbiguity', 'may not contain ";"');
  if (!isStorable(value) || !isStorable(inner ?? null))
    report(faults, '502', shown(name), 'forbiddenCharacter', 'may not contain U+0000 or half of a surrogate pair');
}

const jsonOfParameter = (name: string, value: string): JsonObject | undefined =>
  isPageParameter(name) && jsonParameters.includes(name) ? jsonOf(value) : undefined;

const hasSemicolon = (value: JsonValue): boolean => someText(value, (text) => text.includes(';'));
const isStorable = (value: JsonValue): boolean =>
  !someText(value, (text) => !text.isWellFormed() || text.includes('\0'));

function someText(value: JsonValue, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value);
  if (typeof value !== 'object' || value === null || value instanceof NumberText) return false;
  return Object.entries(value).some(([name, member]) => test(name) || someText(member as JsonValue, test));
}

function checkForced(form: PageForm, faults: Fault[]): void {
  const forced = forcedOf(form);
  if (forced !== null && forced !== 'mobile')
    report(faults, '2541', 'force_payment_method', 'enum', 'must be mobile: no other method is served here');
  if (forced === 'mobile' && hiddenOf(form).includes('mobile'))
    report(faults, '2541', 'force_payment_method', 'hidden', 'names a method that hide leaves out');
}

/** The forced method, where it counts. */
const forcedOf = (form: PageForm): string | null =>
  textOf(form, 'account_token') === null ? textOf(form, 'force_payment_method') : null;

const hiddenOf = (form: PageForm): readonly string[] =>
  (textOf(form, 'hide') ?? '').split(/[,\s]+/).filter((code) => code !== '');

function textOf(form: PageForm, name: PageParameterName): string | null {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function objectOf(form: PageForm, name: PageParameterName): JsonObject {
  const value = form[name];
  if (typeof value === 'string') return jsonOf(value) ?? {};
  return isObject(value) ? value : {};
}

function buttonOf(form: PageForm, which: 'success' | 'fail' | 'return'): ReturnButton {
  const enabled = textOf(form, `merchant_${which}_enabled`);
  return {
    url: textOf(form, `merchant_${which}_url`),
    enabled: enabled === null ? null : (Number(enabled) as 0 | 1 | 2),
    mode: textOf(form, `merchant_${which}_redirect_mode`) as ReturnMode | null,
  };
}

function redirectOf(form: PageForm, which: 'success' | 'fail'): Redirect | null {
  const url = textOf(form, `redirect_${which}_url`);
  return url === null ? null : { url, mode: textOf(form, `redirect_${which}_mode`) as ReturnMode | null };
}

/** `enable_mobile_service` is what makes the rest of the options count. */
function operatorOf(form: PageForm): string | null {
  const { enable_mobile_service: enabled, selected_operator: operator } = objectOf(form, 'payment_methods_options');
  const isOn = enabled === 1 || enabled === true || enabled === '1' || enabled === 'true';
  return isOn && typeof operator === 'string' && operator !== '' ? operator : null;
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

function merchantDataOf(form: PageForm): string | null {
  const { merchant_data: data } = form;
  return isObject(data) ? JSON.stringify(data) : textOf(form, 'merchant_data');
}

function read(form: PageForm): PageRequest {
  const bestBefore = textOf(form, 'best_before');
  const prefill =
    textOf(form, 'account_number') ?? textOf(form, 'customer_account_number') ?? textOf(form, 'customer_phone');
  const { id: interfaceTypeId } = objectOf(form, 'interface_type');
  return {
    projectId: Number(textOf(form, 'project_id')),
    paymentId: textOf(form, 'payment_id') ?? '',
    amountMinor: Number(textOf(form, 'payment_amount')),
    currency: textOf(form, 'payment_currency') ?? '',
    description: textOf(form, 'payment_description'),
    customerId: textOf(form, 'customer_id') ?? '',
    prefill: prefill?.replace(/^\+/, '') ?? null,
    language: textOf(form, 'language_code'),
    bestBeforeAt: bestBefore === null ? null : (readMoment(bestBefore) ?? null),
    forcedMethod: forcedOf(form),
    preselectedMethod: textOf(form, 'default_payment_method'),
    hiddenMethods: hiddenOf(form),
    operator: operatorOf(form),
    buttons: { success: buttonOf(form, 'success'), fail: buttonOf(form, 'fail'), return: buttonOf(form, 'return') },
    redirects: { success: redirectOf(form, 'success'), fail: redirectOf(form, 'fail') },
    callbacks: {
      url: textOf(form, 'merchant_callback_url'),
      success: textOf(form, 'merchant_success_callback_url'),
      decline: textOf(form, 'merchant_decline_callback_url'),
    },
    interfaceTypeId: typeof interfaceTypeId === 'string' || isInteger(interfaceTypeId) ? interfaceTypeId : null,
    merchantData: merchantDataOf(form),
    kept: Object.fromEntries(
      Object.entries(form).filter(([name]) => isPageParameter(name) && pageParameters[name].use === 'kept'),
    ),
  };
}
