import type { JsonMembers } from '../calls.ts';

/** How a value is written: `json` as JSON text, `blob` as JSON in base64, `list` with commas between. */
export type Writing = 'text' | 'integer' | 'flag' | 'time' | 'list' | 'json' | 'blob';

/** How a parameter is written, and the type that callers give. */
interface Parameter<Value> {
  readonly writing: Writing;
  /** Only a type; nothing is ever there. */
  readonly given?: Value;
}

const text = <Value extends string = string>(): Parameter<Value> => ({ writing: 'text' });
const integer = <Value extends number = number>(): Parameter<Value> => ({ writing: 'integer' });
const flag = (): Parameter<boolean> => ({ writing: 'flag' });
const time = (): Parameter<Date> => ({ writing: 'time' });
const list = (): Parameter<readonly string[]> => ({ writing: 'list' });
const json = <Value = JsonMembers>(): Parameter<Value> => ({ writing: 'json' });
const blob = (): Parameter<JsonMembers> => ({ writing: 'blob' });

type RedirectMode = 'iframe' | 'parent_page' | 'blank_page';
/** No button; only on the full page; also in an iframe or a modal. */
type ButtonShown = 0 | 1 | 2;
type Operator = 'ACTIV' | 'ALTEL' | 'BEELINE' | 'KCELL' | 'TELE2' | (string & {});

interface MethodsOptions extends JsonMembers {
  /** Lets `selected_operator` preset the operator. */
  readonly enable_mobile_service: 0 | 1;
  readonly selected_operator: Operator;
}

const required = {
  /** Unique within the project, whatever its letter case; the payment's id everywhere. */
  paymentId: text(),
  /** Minor units: 1000.00 KZT is 100000. */
  paymentAmount: integer(),
  paymentCurrency: text(),
  /** The same for every purchase of this customer. */
  customerId: text(),
  customerFirstName: text(),
  customerLastName: text(),
  customerEmail: text(),
};

/** Every parameter with which the Payment Page can be opened, by the name it has here. */
const optional = {
  mode: text<'purchase' | 'payout' | 'card_verify' | 'card_tokenize'>(),
  paymentDescription: text(),
  /** Comes back in callbacks. */
  merchantData: text(),
  /** 4 to 24 digits with the country code; fills in the number's field. */
  customerPhone: text(),
  customerAccountNumber: text(),
  accountNumber: text(),
  customerSecurityCode: text(),
  /** ISO 3166-1 alpha-2. */
  regionCode: text(),
  /** `kk`, `ru` or `en`. */
  languageCode: text<'kk' | 'ru' | 'en' | (string & {})>(),
  interfaceType: json<{ readonly id: number | string }>(),
  /** After this moment nothing can be paid on the page; at most 30 days ahead. */
  bestBefore: time(),
  operationType: text<'sale' | 'auth'>(),
  cardOperationType: text<'sale' | 'auth'>(),
  paymentExtraParam: text(),
  descriptor: text(),
  accountCustomerName: text(),
  accountProvince: text(),
  identifyDocNumber: text(),
  identifyDocType: text(),

  /** Skips the choice of a method: `mobile`. */
  forcePaymentMethod: text<'mobile' | (string & {})>(),
  forcePaymentGroup: text(),
  forcePaymentMethodSubtype: text(),
  defaultPaymentMethod: text<'mobile' | (string & {})>(),
  /** Methods that are not offered. */
  hide: list(),
  listPaymentBlock: text(),
  paymentMethodsOptions: json<MethodsOptions | JsonMembers>(),

  /** Where the page is, when not where its script came from. */
  baseUrl: text(),
  /** The id of the element that holds the iframe. */
  targetElement: text(),
  redirect: flag(),
  redirectOnMobile: flag(),
  closeOnMissclick: flag(),
  cssModalWrap: text(),
  styleId: integer(),
  terminalId: integer(),
  forceAcsNewWindow: flag(),
  merchantDomain: text(),
  appleAllowPayment: flag(),
  checkoutScript: text(),
  forcePagedMode: flag(),
  viaTelegram: flag(),

  /** Where the button on the result screen leads. */
  merchantSuccessUrl: text(),
  merchantFailUrl: text(),
  /** The way back to the shop before anything is paid. */
  merchantReturnUrl: text(),
  /** Where the payer is sent by itself, without a result screen. */
  redirectSuccessUrl: text(),
  redirectFailUrl: text(),
  redirectReturnUrl: text(),
  redirectTokenizeUrl: text(),
  merchantSuccessEnabled: integer<ButtonShown>(),
  merchantFailEnabled: integer<ButtonShown>(),
  merchantReturnEnabled: integer<ButtonShown>(),
  merchantSuccessRedirectMode: text<RedirectMode>(),
  merchantFailRedirectMode: text<RedirectMode>(),
  merchantReturnRedirectMode: text<RedirectMode>(),
  redirectSuccessMode: text<RedirectMode>(),
  redirectFailMode: text<RedirectMode>(),
  redirectTokenizeMode: text<RedirectMode>(),
  /** Where this payment's callbacks go, instead of the project's own address. */
  merchantCallbackUrl: text(),
  merchantSuccessCallbackUrl: text(),
  merchantDeclineCallbackUrl: text(),

  customerMiddleName: text(),
  /** `DD-MM-YYYY`. */
  customerDayOfBirth: text(),
  customerBirthplace: text(),
  customerCountry: text(),
  customerState: text(),
  customerCity: text(),
  customerStreet: text(),
  customerAddress: text(),
  customerZip: text(),
  customerSsn: text(),
  billingAddress: text(),
  billingCity: text(),
  billingCountry: text(),
  billingPostal: text(),
  billingRegion: text(),
  billingRegionCode: text(),
  avsPostCode: text(),
  avsStreetAddress: text(),
  receiptData: blob(),
  bookingInfo: blob(),
  addendumData: blob(),
  cashVoucherData: blob(),
  customerAccountInfo: blob(),
  customerMpiResult: blob(),
  customerShipping: blob(),
  paymentMerchantRisk: blob(),
  accountToken: text(),
  cardHolder: text(),
  motoType: integer<1 | 2>(),
  recurring: json(),
  recurringRegister: flag(),
  customerInstallmentCount: integer(),
  debtAccount: text(),
  uuid: text(),
  cashierDefaultMode: text(),
  cashierForceMode: text(),
  cashierManualInput: text(),
  cashierMinValue: text(),
  cashierMaxValue: text(),
  cashierPredefinedAmounts: text(),
  paymentCryptocurrencyType: text(),
  storedCardType: integer(),
};

type Values<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Parameter<infer Value> ? Value : never;
};

export interface PageParameters extends Values<typeof required>, Partial<Values<typeof optional>> {
  /** Parameters that have no name here, in the words of the wire, such as `sender_city`. */
  readonly extra?: Readonly<Record<string, string | number | boolean | undefined>>;
}

type NamedParameter = keyof typeof required | keyof typeof optional;

type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : '';
/** The wire's names of the parameters. */
export type WireParameter = Snake<Exclude<NamedParameter, 'baseUrl'>> | 'baseUrl' | 'project_id';

export const tables: Readonly<Record<string, Parameter<unknown>>> = { ...required, ...optional };
export const requiredNames: readonly string[] = Object.keys(required);
export const optionalNames: readonly string[] = Object.keys(optional);

/** The family spells this one as JavaScript does. */
export const wireName = (name: string): string =>
  name === 'baseUrl' ? name : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
