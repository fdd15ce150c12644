import { pageAssets } from '@rocketpay/payment-page/build-assets.ts';
import { renderErrorPage, renderPage } from '@rocketpay/payment-page/render/page.ts';
import { renderScreen } from '@rocketpay/payment-page/render/screen.ts';
import type { PageRenderer } from './answers.ts';

/** The pages as payers see them; builds their script and style the first time. */
export async function createPageRenderer(): Promise<PageRenderer> {
  const assets = await pageAssets();
  return {
    assets,
    page: (model, nonce) => renderPage(model, { nonce, assets }),
    screen: renderScreen,
    errorPage: (model, nonce) => renderErrorPage(model, { nonce, assets }),
  };
}
