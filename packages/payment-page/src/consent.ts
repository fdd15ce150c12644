/**
 * The release of the text a payer agrees to by pressing Pay, kept with every consent. A change of the texts `consent`,
 * `consentTerms` or `consentTermsLink` in any language needs a new one.
 */
export const CONSENT_VERSION = '1';
