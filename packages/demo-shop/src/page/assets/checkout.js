import { addWidgetEvent } from './log.js';
import { hideBanner, showBannerAgain } from './phone.js';

const HANDLERS = [
  'onRun',
  'onLoaded',
  'onFailLoading',
  'onResize',
  'onTabChange',
  'onPaymentMethodSelect',
  'onAmountChange',
  'onPaymentSent',
  'onPaymentSubmitResult',
  'onShowClarificationPage',
  'onSubmitClarificationForm',
  'onRedirectIframe',
  'onRedirectIframeComplete',
  'onPaymentSuccess',
  'onPaymentFail',
  'onOtpShown',
  'onOtpResent',
  'onOtpInvalid',
  'onExpired',
  'onEnterKeyPressed',
  'onDestroy',
  'onExit',
];

/** After these the code that dropped in is of no use. */
const CODE_IS_USED = ['onSubmitClarificationForm', 'onPaymentSuccess', 'onPaymentFail', 'onExpired', 'onExit'];

const shelf = document.getElementById('shelf');
const paying = document.getElementById('paying');
let widget;

/**
 * Must be called while the click is handled, or the browser blocks the window. It leaves the phone on the shop's page in
 * sight; a narrow screen has no room for both, and a tab beside the shop's.
 */
export function openWindow(way) {
  if (way !== 'page') return undefined;
  if (!matchMedia('(min-width: 64rem)').matches) return window.open('about:blank', '_blank');
  const height = Math.min(820, screen.availHeight);
  return window.open('about:blank', '_blank', `popup,width=460,height=${height},left=${screenX},top=${screenY}`);
}

/** Opens the Payment Page the way the server signed it for. */
export function openCheckout({ way, url, config }, page) {
  if (page) page.location.replace(url);
  else if (way === 'page' || typeof EPayWidget === 'undefined') location.assign(url);
  else runWidget(way, config);
}

function runWidget(way, config) {
  const handlers = HANDLERS.map((name) => [
    name,
    (data) => {
      addWidgetEvent(name, data, config.payment_id);
      if (CODE_IS_USED.includes(name)) hideBanner();
      if (name === 'onOtpInvalid') showBannerAgain();
      if (name === 'onExit' && way === 'iframe') backToShelf();
    },
  ]);
  if (way === 'iframe') {
    shelf.hidden = true;
    paying.hidden = false;
    paying.scrollIntoView({ block: 'nearest' });
  }
  widget = EPayWidget.run({ ...config, ...Object.fromEntries(handlers) });
}

function backToShelf() {
  paying.hidden = true;
  document.getElementById('checkout').replaceChildren();
  shelf.hidden = false;
  shelf.querySelector('.pay').focus();
}

document.getElementById('leave').addEventListener('click', () => widget.closePopup());
