import type { PageParameters, Rocketpay, SignedParameters } from '@rocketpay/sdk';
import { demoCustomer } from './customer.ts';
import type { Order } from './orders.ts';
import type { PageWay } from './ways.ts';

/** The element of the shop's page that holds the iframe, and the class of the modal. Both are signed, as all is. */
const FRAME_PLACE = 'checkout';
const MODAL_CLASS = 'beside-phone';

export interface Checkout {
  readonly way: PageWay;
  /** Leads to the page by itself, without any script. */
  readonly url: string;
  /** What the widget opens a modal or an iframe with. */
  readonly config?: SignedParameters;
}

export interface CheckoutPlace {
  /** Where the payer comes back to. */
  readonly shopUrl: string;
  readonly callbackUrl: string;
  /** The project has a key for links that hide what they say. */
  readonly isEncrypted: boolean;
}

/** Opens the Payment Page for an order, as often as wanted: the same order is always the same payment. */
export function checkoutOf({ page }: Rocketpay, order: Order, way: PageWay, place: CheckoutPlace): Checkout {
  const back = `${place.shopUrl}/#orders`;
  const purchase: PageParameters = {
    paymentId: order.paymentId,
    paymentAmount: order.amountMinor,
    paymentCurrency: order.currency,
    paymentDescription: order.goods,
    ...pageCustomer(order.phone),
    customerPhone: order.phone,
    forcePaymentMethod: 'mobile',
    languageCode: 'en',
    merchantCallbackUrl: place.callbackUrl,
    // In a frame a bare address leads nowhere: its button closes the modal, or tells the shop's `onExit`.
    merchantSuccessUrl: back,
    merchantFailUrl: back,
    merchantReturnUrl: back,
  };
  const url = place.isEncrypted ? page.encryptedUrl(purchase) : page.url(purchase);
  if (way === 'page') return { way, url };
  const framed = way === 'iframe' ? { targetElement: FRAME_PLACE } : { cssModalWrap: MODAL_CLASS };
  return { way, url, config: page.widgetConfig({ ...purchase, ...framed }) };
}

function pageCustomer(
  phone: string,
): Pick<PageParameters, 'customerId' | 'customerFirstName' | 'customerLastName' | 'customerEmail'> {
  const { id, firstName, lastName, email } = demoCustomer(phone);
  return { customerId: id, customerFirstName: firstName, customerLastName: lastName, customerEmail: email };
}
