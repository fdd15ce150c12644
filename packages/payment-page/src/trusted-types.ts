/** The only policy of the page's script: for `trusted-types` in the Content-Security-Policy. */
export const TRUSTED_TYPES_POLICY = 'rocketpay-page';
