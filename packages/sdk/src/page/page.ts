import { signMessage } from '@rocketpay/contract/signature.ts';
import { encryptLink, linkKey } from './encrypted.ts';
import type { PageParameters } from './parameters.ts';
import { writeParameters, type WrittenParameters } from './writing.ts';

/** Signed parameters in the words of the wire: what `EPayWidget.run` takes. */
export type SignedParameters = WrittenParameters & {
  readonly project_id: number;
  readonly payment_id: string;
  readonly signature: string;
};

export interface PaymentPage {
  /**
   * The signed link that opens the page.
   *
   * @throws TypeError that names a parameter which is missing or cannot be sent, such as one with a semicolon.
   */
  url(parameters: PageParameters): string;
  /**
   * The same link with its parameters encrypted, so that the payer cannot read them.
   *
   * @throws TypeError as `url`, and without `pageEncryptionKey`.
   */
  encryptedUrl(parameters: PageParameters): string;
  /**
   * The signed parameters for the browser: `EPayWidget.run({ ...parameters, onPaymentSuccess })`. They hold no secret, and
   * none may be changed or added there but the callbacks.
   *
   * @throws TypeError as `url`.
   */
  widgetConfig(parameters: PageParameters): SignedParameters;
}

export interface PageRules {
  readonly projectId: number;
  readonly secret: string;
  /** Ends with a slash. */
  readonly pageUrl: URL;
  readonly encryptionKey: string | undefined;
}

/** @throws TypeError for an encryption key that cannot work. */
export function pageOf({ projectId, secret, pageUrl, encryptionKey }: PageRules): PaymentPage {
  const key = encryptionKey === undefined ? undefined : linkKey(encryptionKey);
  const signed = (parameters: PageParameters): SignedParameters => {
    const written = writeParameters(projectId, parameters);
    return {
      ...written,
      project_id: projectId,
      payment_id: parameters.paymentId,
      signature: signMessage(written, secret),
    };
  };
  const link = (parameters: PageParameters): string => `payment?${query(signed(parameters))}`;
  return {
    url: (parameters) => new URL(link(parameters), pageUrl).href,
    encryptedUrl(parameters) {
      if (key === undefined) throw new TypeError('An encrypted link needs the option pageEncryptionKey');
      return new URL(`${projectId}/${encryptLink(`/${link(parameters)}`, key)}`, pageUrl).href;
    },
    widgetConfig: signed,
  };
}

const query = (parameters: WrittenParameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
