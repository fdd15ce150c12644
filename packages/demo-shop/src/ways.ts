/** How a purchase is paid: on the Payment Page, opened in one of three ways, or by the shop's own form over Gate. */
const ways = ['iframe', 'modal', 'page', 'gate'] as const;

export type Way = (typeof ways)[number];
export type PageWay = Exclude<Way, 'gate'>;

export const wayNames: Readonly<Record<Way, { readonly name: string; readonly note: string }>> = {
  iframe: { name: 'In this page', note: 'an iframe' },
  modal: { name: 'In a modal', note: 'a dialog' },
  page: { name: 'On its own page', note: 'a redirect in a new tab' },
  gate: { name: 'By the shop’s form', note: 'Gate, no page' },
};

/** The first one for anything unknown, as a browser without the choice sends nothing. */
export const readWay = (text: string | null): Way => ways.find((way) => way === text) ?? ways[0];
