import { Type } from 'typebox';
import { amount, currency, filledText, maxAmountMinor, text } from './fields.ts';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { closed, generalWithoutPayment, interfaceType, rootIdentity } from './objects.ts';
import type { OperatorView } from './operators-list.ts';
import { compileBody } from './shape.ts';

/** The one method there is. */
export const methodCode = 'mobile';

export type MethodsRequest = {
  readonly projectId: number;
  readonly signature: string;
  readonly directions: readonly ('payin' | 'payout')[];
  readonly amountMinor: number | undefined;
  readonly currency: string | undefined;
  readonly paymentMethod: string | undefined;
  readonly showUnavailable: boolean;
};

export const methodsBody = Type.Object(
  {
    ...rootIdentity,
    directions: Type.Array(Type.Enum(['payin', 'payout']), { minItems: 1, maxItems: 2 }),
    amount: Type.Optional(amount),
    currency: Type.Optional(Type.String({ pattern: '^[:_A-Z0-9]{3,27}$', 'x-code': '3121' })),
    payment_method: Type.Optional(filledText(255)),
    show_unavailable_methods_by_rules: Type.Optional(Type.Boolean()),
    is_enable_check_by_trusted_pm_user_rules: Type.Optional(Type.Boolean()),
    customer: Type.Optional(Type.Object({ id: Type.Optional(text(255)) })),
    interface_type: Type.Optional(interfaceType),
  },
  closed,
);

const checkMethods = compileBody(methodsBody);

/** Reads the question which methods a project has, signed at the root. */
export function parseMethods(body: JsonValue): Parsed<MethodsRequest> {
  const checked = checkMethods(body);
  if (!checked.ok) return checked;
  const given = checked.value;
  return {
    ok: true,
    value: {
      projectId: given.project_id,
      signature: given.signature,
      directions: given.directions,
      amountMinor: given.amount,
      currency: given.currency,
      paymentMethod: given.payment_method,
      showUnavailable: given.show_unavailable_methods_by_rules ?? false,
    },
  };
}

/**
 * The answer, keyed by currency and method, with the family's own spelling of its members. The limits are those of every
 * amount, until a project has some of its own.
 */
export const renderMethods = (currencies: readonly string[], operators: readonly OperatorView[]) =>
  Object.fromEntries(
    currencies.map((each) => [
      each,
      {
        [methodCode]: {
          title: 'Mobile balance',
          direction: 'payin',
          limits: { 'min amount': 1, 'max amount': maxAmountMinor },
          mobile_operatiors: operators.map(({ code, name, country }) => ({ code, name, country })),
        },
      },
    ]),
  );

export type AvailableMethodsRequest = {
  readonly projectId: number;
  readonly signature: string;
  readonly asked: readonly { readonly paymentMethod: string; readonly currency: string | undefined }[];
};

export const availableMethodsBody = Type.Object(
  {
    general: generalWithoutPayment,
    payment_method_list: Type.Array(
      Type.Object({
        payment_method: filledText(255),
        amount: Type.Optional(amount),
        currency: Type.Optional(currency),
      }),
      { minItems: 1, maxItems: 100 },
    ),
    interface_type: Type.Optional(interfaceType),
  },
  closed,
);

const checkAvailableMethods = compileBody(availableMethodsBody);

/** Reads the question which of the named methods would take a payment. */
export function parseAvailableMethods(body: JsonValue): Parsed<AvailableMethodsRequest> {
  const checked = checkAvailableMethods(body);
  if (!checked.ok) return checked;
  const { general, payment_method_list: list } = checked.value;
  return {
    ok: true,
    value: {
      projectId: general.project_id,
      signature: general.signature,
      asked: list.map((each) => ({ paymentMethod: each.payment_method, currency: each.currency })),
    },
  };
}

/** The answer in the order of the question, without its signature. */
export const renderAvailableMethods = (
  projectId: number,
  methods: readonly { readonly paymentMethod: string; readonly isAvailable: boolean }[],
) => ({
  project_id: projectId,
  available_methods: methods.map(({ paymentMethod, isAvailable }) => ({
    payment_method: paymentMethod,
    is_available: isAvailable,
  })),
});
