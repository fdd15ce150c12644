/**
 * The types of `EPayWidget`, which `/shared/merchant.js` of the Payment Page puts into a browser page. Nothing here runs:
 * `import '@rocketpay/sdk/widget'` as a type makes the global known.
 */
import type { WireParameter } from './page/parameters.ts';

/** Parameters as the merchant's server signed them, in the words of the wire. */
export type WidgetParameters = {
  readonly [Name in WireParameter]?: string | number | boolean | object;
} & { readonly signature: string };

export interface WidgetSum {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
}

/** What `onPaymentSuccess` and `onPaymentFail` are given. For the eyes of the payer only: orders follow callbacks. */
export interface WidgetResult {
  readonly status: string;
  readonly request_id: string;
  readonly general?: { readonly project_id: number; readonly payment_id: string; readonly signature?: string };
  readonly sum_request?: WidgetSum;
  readonly sum_real?: WidgetSum;
  readonly transaction?: { readonly id: number | string; readonly date: string; readonly type: string };
  readonly payment?: {
    readonly id: string;
    readonly method: string;
    readonly date: string;
    readonly status: string;
    readonly result_code: string;
    readonly result_message: string;
    readonly provider_id?: number | string;
    readonly is_new_attempts_available?: boolean;
    /** In seconds. */
    readonly attempts_timeout?: number;
  };
  readonly customer?: { readonly id: string };
  readonly account?: { readonly number: string; readonly type: string };
  readonly description?: string;
  readonly operations?: readonly {
    readonly id: number | string;
    readonly type: string;
    readonly status: string;
    readonly date: string;
    readonly processing_time?: string | number;
    readonly sum?: WidgetSum;
    readonly code: string;
    readonly message: string;
  }[];
  readonly return_url?: string | { readonly [which: string]: string };
}

/** In pixels. */
export interface WidgetSize {
  readonly width: number;
  readonly height: number;
}

/** Called in the merchant's page. They are hints for the eye: what an order is worth is told by signed callbacks. */
export interface WidgetCallbacks {
  /** Before anything opens. */
  onRun?(): void;
  /** The first screen is there. */
  onLoaded?(size: WidgetSize): void;
  /** No session could be begun; the same `payment_id` may be used again. */
  onFailLoading?(fault: { readonly message: string; readonly config?: WidgetParameters }): void;
  onResize?(size: WidgetSize): void;
  onTabChange?(chosen: { readonly tab: string }): void;
  onPaymentMethodSelect?(chosen: {
    readonly name: string;
    /** 1 is a purchase, 2 a payout. */
    readonly payment_method_type: 1 | 2;
    readonly payment_method_code: string;
  }): void;
  onAmountChange?(chosen: { readonly value: number; readonly currency: string }): void;
  onWalletSelect?(instrument: object): void;
  onWalletRemove?(instrument: object): void;
  /** The payer pressed Pay. */
  onPaymentSent?(): void;
  /** The platform took the request. */
  onPaymentSubmitResult?(taken: { readonly request_id: string }): void;
  /** The screen that asks for the code, for the first time or again. */
  onShowClarificationPage?(): void;
  onSubmitClarificationForm?(): void;
  onRedirectIframe?(): void;
  onRedirectIframeComplete?(): void;
  onPaymentSuccess?(result: WidgetResult): void;
  onPaymentFail?(result: WidgetResult): void;
  /** A code was asked for, sent again, was wrong, ran out. */
  onOtpShown?(): void;
  onOtpResent?(): void;
  onOtpInvalid?(): void;
  onExpired?(): void;
  onEnterKeyPressed?(): void;
  /** Closed before there was a result: ask for the status. */
  onDestroy?(): void;
  /** Closed. */
  onExit?(): void;
}

export type WidgetConfig = WidgetParameters & WidgetCallbacks;

export type WidgetMethod = 'GET' | 'POST' | 'get' | 'post';

/** One opened, or not yet opened, Payment Page. */
export interface Widget {
  readonly guid: string;
  readonly config: WidgetConfig;
  /** Empty until it is opened. */
  readonly frameMode: '' | 'tab' | 'iframe' | 'popup' | 'embedded';
  readonly iframe: HTMLIFrameElement | undefined;
  readonly widgetLoaded: boolean;
  run(): void;
  closePopup(): void;
  sendPostMessage(message: object): void;
  externalSubmit(): void;
  trySubmit(): void;
  /** The path of an encrypted link, `/1234/…`; with GET only. */
  setEncryptedURL(path: string): Widget;
}

export interface EPayWidgetApi {
  /**
   * Builds a widget and opens it.
   *
   * @param method how the parameters travel; GET unless told, POST where they are long
   */
  run(config: WidgetConfig, method?: WidgetMethod): Widget;
  /** Opens it with a click on the button of this id. */
  bind(buttonId: string, config: WidgetConfig, method?: WidgetMethod): Widget;
  /** Builds it; `run()` of the result opens it. */
  create(config: WidgetConfig, method?: WidgetMethod): Widget;
  /** Opens it inside `target_element` without a frame's look. */
  runEmbedded(config: WidgetConfig, method?: WidgetMethod): Widget;
  /** A random id of so many blocks of four digits. */
  guid(blocks?: number): string;
  isMobile(): boolean;
  /** Scheme and host from which the script came. */
  getBaseUrl(): string;
}

declare global {
  /** There once `/shared/merchant.js` has loaded. */
  var EPayWidget: EPayWidgetApi;
}
