import type { GateCode } from '@rocketpay/core/errors.ts';
import {
  base64,
  country,
  currency,
  day,
  digits,
  email,
  flag,
  integer,
  json,
  type Kind,
  methodCodes,
  moment,
  oneOf,
  paymentId,
  text,
  url,
} from './page-kinds.ts';

/** One documented parameter of the Payment Page's link. */
export interface PageParameter {
  readonly kind: Kind;
  readonly required?: true;
  /** What its fault is called; 502 unless told. */
  readonly code?: GateCode;
  /** `yes`: it steers this page; `kept`: stored with the payment; `widget`: used by merchant.js; `taken`: accepted, without effect here. */
  readonly use: 'yes' | 'kept' | 'widget' | 'taken';
  readonly says?: string;
}

const maxUrl = 2048;
const enabled = oneOf('0', '1', '2');
const mode = oneOf('iframe', 'parent_page', 'blank_page');

const kept = (kind: Kind): PageParameter => ({ kind, use: 'kept' });
const taken = (kind: Kind): PageParameter => ({ kind, use: 'taken' });

function each<const Names extends readonly string[]>(
  names: Names,
  parameter: PageParameter,
): Readonly<Record<Names[number], PageParameter>> {
  return Object.fromEntries(names.map((name) => [name, parameter])) as Record<Names[number], PageParameter>;
}

/** Every documented parameter, in the order in which faults are told. */
export const pageParameters = {
  project_id: { kind: integer(1, 4_294_967_295), required: true, use: 'yes', says: 'the project' },
  payment_id: {
    kind: paymentId,
    required: true,
    code: '3024',
    use: 'yes',
    says: 'the payment’s id, unique in the project whatever its case',
  },
  payment_amount: {
    kind: integer(1, 10_000_000_000_000),
    required: true,
    use: 'yes',
    says: 'the amount in minor units: 1000.00 KZT is 100000',
  },
  payment_currency: { kind: currency, required: true, code: '3121', use: 'yes', says: 'ISO 4217 code' },
  customer_id: { kind: text(255, 1), required: true, code: '2124', use: 'yes', says: 'your id of the payer' },
  customer_first_name: { kind: text(255, 1), required: true, use: 'kept', says: 'the payer’s first name' },
  customer_last_name: { kind: text(255, 1), required: true, use: 'kept', says: 'the payer’s last name' },
  customer_email: { kind: email, required: true, code: '2426', use: 'kept', says: 'the payer’s email' },

  mode: {
    kind: oneOf('purchase'),
    code: '2541',
    use: 'yes',
    says: '`purchase`, the only mode there is here',
  },
  payment_description: { kind: text(255), use: 'yes', says: 'shown to the payer, and in callbacks' },
  merchant_data: {
    kind: text(16_384),
    use: 'yes',
    says: 'your own; callbacks and the status say it again in `payment.merchant_data`',
  },
  customer_phone: { kind: digits, use: 'yes', says: 'fills in the number’s field' },
  customer_account_number: { kind: digits, use: 'yes', says: 'the same, before `customer_phone`' },
  account_number: { kind: digits, use: 'yes', says: 'the same, before both' },
  language_code: {
    kind: text(32),
    use: 'yes',
    says: '`kk`, `ru` or `en`; another language is answered in English. The payer may switch',
  },
  best_before: {
    kind: moment,
    use: 'yes',
    says: 'the payment’s end, also in RFC 2822; more than 30 days ahead it is ignored',
  },
  interface_type: { kind: json, use: 'kept', says: 'where the request was made, such as `{"id":22}`' },
  operation_type: taken(oneOf('sale', 'auth')),
  card_operation_type: taken(oneOf('sale', 'auth')),
  region_code: { kind: country, code: '2610', use: 'kept' },

  force_payment_method: {
    kind: text(64),
    code: '2541',
    use: 'yes',
    says: '`mobile` skips the list of methods; ignored beside `account_token`',
  },
  default_payment_method: { kind: text(64), use: 'yes', says: 'chosen beforehand in the list' },
  hide: { kind: methodCodes, use: 'yes', says: 'methods left out, separated by commas' },
  payment_methods_options: {
    kind: json,
    use: 'yes',
    says: '`{"enable_mobile_service":1,"selected_operator":"TELE2"}` chooses the operator beforehand',
  },
  force_payment_group: taken(text(64)),
  force_payment_method_subtype: taken(text(64)),
  list_payment_block: taken(text(64)),

  merchant_success_url: { kind: url(maxUrl), use: 'yes', says: 'where the button under a success leads' },
  merchant_success_enabled: { kind: enabled, use: 'yes', says: '0 no button, 1 only in full-page mode, 2 always' },
  merchant_success_redirect_mode: { kind: mode, use: 'yes', says: '`iframe`, `parent_page` or `blank_page`' },
  merchant_fail_url: { kind: url(maxUrl), use: 'yes', says: 'where the button under a decline leads' },
  merchant_fail_enabled: { kind: enabled, use: 'yes' },
  merchant_fail_redirect_mode: { kind: mode, use: 'yes' },
  merchant_return_url: { kind: url(maxUrl), use: 'yes', says: 'the link back to the shop before payment' },
  merchant_return_enabled: { kind: enabled, use: 'yes' },
  merchant_return_redirect_mode: { kind: mode, use: 'yes' },
  redirect_success_url: { kind: url(maxUrl), use: 'yes', says: 'where a success leads by itself' },
  redirect_success_mode: { kind: mode, use: 'yes' },
  redirect_fail_url: { kind: url(maxUrl), use: 'yes', says: 'where a decline leads by itself; no second try then' },
  redirect_fail_mode: { kind: mode, use: 'yes' },
  redirect_return_url: taken(url(maxUrl)),
  redirect_tokenize_url: taken(url(maxUrl)),
  redirect_tokenize_mode: taken(mode),
  merchant_callback_url: { kind: url(255), use: 'yes', says: 'where the payment’s callbacks go' },
  merchant_success_callback_url: { kind: url(255), use: 'yes', says: 'where a success is told instead' },
  merchant_decline_callback_url: { kind: url(255), use: 'yes', says: 'where a decline is told instead' },

  baseUrl: { kind: text(maxUrl), use: 'widget', says: 'the page’s host where it is not the script’s; also `baseurl`' },
  baseurl: { kind: text(maxUrl), use: 'widget' },
  target_element: { kind: text(255), use: 'widget', says: 'id of the element to open an iframe in' },
  redirect: { kind: flag, use: 'widget', says: 'opens a page of its own' },
  redirect_on_mobile: { kind: flag, use: 'widget', says: 'the same, on a phone' },
  close_on_missclick: { kind: flag, use: 'widget', says: 'a click beside the modal closes it' },
  css_modal_wrap: { kind: text(255), use: 'widget', says: 'a class for the modal' },
  frame_mode: {
    kind: oneOf('tab', 'iframe', 'popup', 'embedded'),
    use: 'widget',
    says: 'how the page was opened; set by the widget, not signed',
  },

  ...each(
    ['customer_middle_name', 'customer_address', 'customer_birthplace', 'customer_street', 'billing_address'],
    kept(text(255)),
  ),
  ...each(['customer_state', 'customer_city', 'billing_city', 'billing_region'], kept(text(256))),
  ...each(['customer_country', 'billing_country'], { kind: country, code: '2610', use: 'kept' }),
  customer_day_of_birth: kept(day),
  customer_zip: kept(text(10)),
  customer_ssn: kept(text(4)),
  ...each(['billing_postal', 'billing_region_code', 'avs_post_code'], kept(text(16))),
  avs_street_address: kept(text(255)),
  payment_extra_param: kept(text(255)),
  descriptor: kept(text(13)),
  ...each(
    ['account_customer_name', 'account_province', 'identify_doc_number', 'identify_doc_type', 'merchant_domain'],
    kept(text(255)),
  ),

  ...each(
    [
      'receipt_data',
      'booking_info',
      'addendum_data',
      'cash_voucher_data',
      'customer_account_info',
      'customer_mpi_result',
      'customer_shipping',
      'payment_merchant_risk',
    ],
    kept(base64),
  ),
  ...each(['style_id', 'terminal_id', 'customer_installment_count'], taken(integer(0, 4_294_967_295))),
  ...each(
    ['force_acs_new_window', 'apple_allow_payment', 'recurring_register', 'via_telegram', 'force_paged_mode'],
    taken(flag),
  ),
  ...each(
    [
      'account_token',
      'card_holder',
      'checkout_script',
      'customer_security_code',
      'debt_account',
      'moto_type',
      'payment_cryptocurrency_type',
      'recurring',
      'stored_card_type',
      'uuid',
      'cashier_default_mode',
      'cashier_force_mode',
      'cashier_manual_input',
      'cashier_min_value',
      'cashier_max_value',
      'cashier_predefined_amounts',
    ],
    taken(text(4_096)),
  ),
} as const satisfies Readonly<Record<string, PageParameter>>;

export type PageParameterName = keyof typeof pageParameters;

export const isPageParameter = (name: string): name is PageParameterName => Object.hasOwn(pageParameters, name);

/** Parameters whose text may be an object in JSON; merchants sign them as that text, or as the object. */
export const jsonParameters: readonly PageParameterName[] = [
  'payment_methods_options',
  'interface_type',
  'merchant_data',
  'recurring',
];

/**
 * How a page is opened, in which language it begins, and how long it stays open, which shops count anew each time they draw
 * theirs: a link that differs in these alone is the same link.
 */
export const isLook = (name: string): boolean =>
  ['language_code', 'interface_type', 'style_id', 'terminal_id', 'best_before'].includes(name) ||
  (isPageParameter(name) && pageParameters[name].use === 'widget');

/** Whether a `true` in a link may stand for a signed 1: in the documented switches, and in what is not documented. */
export const maySwitch = (name: string): boolean => !isPageParameter(name) || pageParameters[name].kind === flag;
