import { Type } from 'typebox';
import { customerMembers } from './customer.ts';
import type { Parsed } from './fault.ts';
import { accountNumber, amount, currency, customerId, email, filledText, ipAddress } from './fields.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { parseMoment } from './moment.ts';
import { accountMembers, closed, documentedRoot, paymentMembers } from './objects.ts';
import { compileBody } from './shape.ts';

export type SaleRequest = {
  readonly projectId: number;
  readonly paymentId: string;
  readonly signature: string;
  readonly customer: {
    readonly id: string;
    readonly ipAddress: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
    /** The whole object as it was sent, with its extra members. */
    readonly raw: JsonObject;
  };
  readonly accountNumber: string;
  readonly serviceProvider: string | undefined;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string | undefined;
  readonly extraParam: string | undefined;
  /** Epoch milliseconds; may lie in the past. */
  readonly bestBeforeAt: number | undefined;
  readonly merchantCallbackUrl: string | undefined;
  readonly merchantSuccessCallbackUrl: string | undefined;
  readonly merchantDeclineCallbackUrl: string | undefined;
  readonly callbackDelaySeconds: number;
  readonly callbacksDisabled: boolean;
  readonly interfaceTypeId: number | string | undefined;
  readonly returnUrl: ReturnUrl | undefined;
};

export type ReturnUrl = { readonly success?: string; readonly decline?: string; readonly return?: string };

export const saleBody = Type.Object(
  {
    ...documentedRoot,
    customer: Type.Object({
      ...customerMembers,
      id: customerId,
      ip_address: ipAddress,
      first_name: filledText(255),
      last_name: filledText(255),
      email,
    }),
    account: Type.Object({ ...accountMembers, number: accountNumber }),
    payment: Type.Object({ ...paymentMembers, amount, currency }),
  },
  closed,
);

const checkSale = compileBody(saleBody);

/** Reads a purchase. The signature's form is checked, the signature itself is not. */
export function parseSale(body: JsonValue): Parsed<SaleRequest> {
  const checked = checkSale(body);
  if (!checked.ok) return checked;
  const {
    general,
    customer,
    account,
    payment,
    callback,
    interface_type: interfaceType,
    return_url: returnUrl,
  } = checked.value;
  return {
    ok: true,
    value: {
      projectId: general.project_id,
      paymentId: general.payment_id,
      signature: general.signature,
      customer: {
        id: customer.id,
        ipAddress: customer.ip_address,
        firstName: customer.first_name,
        lastName: customer.last_name,
        email: customer.email,
        raw: customer as JsonObject,
      },
      accountNumber: account.number,
      serviceProvider: account.service_provider,
      amountMinor: payment.amount,
      currency: payment.currency,
      description: payment.description,
      extraParam: payment.extra_param,
      bestBeforeAt: payment.best_before === undefined ? undefined : parseMoment(payment.best_before),
      merchantCallbackUrl: general.merchant_callback_url,
      merchantSuccessCallbackUrl: general.merchant_success_callback_url,
      merchantDeclineCallbackUrl: general.merchant_decline_callback_url,
      callbackDelaySeconds: callback?.delay ?? 0,
      callbacksDisabled: callback?.force_disable ?? false,
      interfaceTypeId: interfaceType?.id,
      returnUrl,
    },
  };
}
