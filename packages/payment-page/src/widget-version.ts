/**
 * The release of merchant.js and merchant.css that the present source makes. Raised with every change of their bytes, then
 * `node_modules/.bin/node tools/release-widget.ts` archives the new one.
 */
export const WIDGET_VERSION = '1.0.4';
