import type { PageRenderer } from '../page-sessions/page-sessions.ts';

const asset = { path: '/shared/merchant.js', contentType: 'text/javascript', integrity: `sha384-${'x'.repeat(64)}` };
const script = { ...asset, body: Buffer.from('widget();'.repeat(50)), isImmutable: false };

/** Draws every page as the JSON of its model. */
export const testRenderer: PageRenderer = {
  assets: { all: [script], pageScript: script, pageStyle: '', failureScript: '' },
  page: (model, nonce) => JSON.stringify({ model, nonce }),
  screen: (model) => JSON.stringify({ model, nonce: null }),
  errorPage: (error, nonce) => JSON.stringify({ error, nonce }),
};
