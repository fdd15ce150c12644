/** The release of merchant.js and merchant.css: raised with every change of their bytes, which shops may have pinned. */
export const WIDGET_VERSION = '1.0.4';
