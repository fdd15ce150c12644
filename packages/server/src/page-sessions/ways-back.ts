import type { PageRequest, Redirect, ReturnMode } from '@rocketpay/contract/page-parameters.ts';
import type { PageModel } from '@rocketpay/payment-page/model.ts';
import type { OpenedAs, ReturnLink, ReturnMoment } from '@rocketpay/payment-page/surroundings.ts';
import type { PageSettings } from './settings.ts';

const buttonNames = { before: 'return', success: 'success', fail: 'fail' } as const satisfies Record<
  ReturnMoment,
  keyof PageRequest['buttons']
>;

/** The link's button, else the project's address. Only these are ever led to: nothing else in the page names a target. */
export function returnLink(
  request: PageRequest,
  urls: PageSettings['urls'],
  opened: OpenedAs,
  when: ReturnMoment,
): ReturnLink | null {
  const { enabled, mode, ...button } = request.buttons[buttonNames[when]];
  const url = button.url ?? urls[buttonNames[when]];
  if (url === null || enabled === 0) return null;
  if (opened === 'tab') return { open: mode === 'blank_page' ? 'blank' : 'iframe', url, when };
  // In a frame a bare URL leads nowhere by itself, as the family has it: the shop's own handlers act.
  const leads = enabled === 2 || (enabled === null && mode !== null);
  if (!leads) return { open: opened === 'popup' ? 'close' : 'handlers', url: null, when };
  return { open: openAs(mode), url, when };
}

/** Where a result leads by itself. */
export function autoRedirect(redirect: Redirect | null, opened: OpenedAs): PageModel['autoRedirect'] {
  if (!redirect) return null;
  const open = openAs(redirect.mode);
  return { url: redirect.url, open: opened === 'tab' && open === 'parent' ? 'iframe' : open };
}

const openAs = (mode: ReturnMode | null): 'iframe' | 'parent' | 'blank' =>
  mode === 'parent_page' ? 'parent' : mode === 'blank_page' ? 'blank' : 'iframe';
