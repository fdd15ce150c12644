import type { PageRequest } from '@rocketpay/contract/page-parameters.ts';
import type { NewSale } from '@rocketpay/core/payment/new-sale.ts';
import { bestBeforeOf, type Standing } from './view.ts';

/** The payment that a link asks for, as Gate's request would be; the payer brings the number. */
export function newSaleOf(
  { session, settings }: Standing,
  payer: Pick<NewSale, 'accountNumber' | 'candidates' | 'breakerOpen'>,
): NewSale {
  const { request } = session;
  const { callbacks, redirects } = request;
  return {
    ...payer,
    key: session.key,
    paymentId: request.paymentId,
    requestDigest: session.digest,
    sum: { amountMinor: request.amountMinor, currency: request.currency },
    description: request.description,
    merchantData: request.merchantData,
    customerId: request.customerId,
    bestBeforeAt: bestBeforeOf(session),
    callbacks: {
      url: callbacks.url,
      successUrl: callbacks.success,
      declineUrl: callbacks.decline,
      delayMs: 0,
      disabled: false,
    },
    // Who is led away from a decline by itself cannot try again.
    retries: redirects.fail || settings.retries.allowed === 0 ? null : settings.retries,
  };
}

/** What is kept with the payment besides: the payer's data under Gate's names, and the merchant's own. */
export function payerDetails(request: PageRequest, address: string): Readonly<Record<string, unknown>> {
  const customer: Record<string, unknown> = { id: request.customerId, ip_address: address };
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request.kept)) {
    if (name.startsWith('customer_')) customer[name.slice('customer_'.length)] = value;
    else rest[name] = value;
  }
  return { customer, interfaceTypeId: request.interfaceTypeId, page: rest };
}
