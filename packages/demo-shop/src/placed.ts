const NAME = 'demo_shop_order';

/** The order that a browser placed last, which its cookie names; undefined for a new browser. */
export const placedIn = (cookies = ''): string | undefined =>
  new RegExp(`(?:^|; )${NAME}=(order-[0-9a-f]{8})(?:;|$)`).exec(cookies)?.[1];

/** Ports share cookies: the other servers of this machine see the order's id too, never the number. */
export const rememberPlaced = (paymentId: string): string =>
  `${NAME}=${paymentId}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`;
