import type { Config } from './config.ts';

const SHORTENED =
  /^onEmbeddedMode(CheckSubmit|ValidationError|ShowLoader|HideLoader|CheckShippingAddress|CheckShippingMethod|Confirmation)$/;
/** Told only when their data differ from the last time. */
const ON_CHANGE = ['onResize', 'onAmountChange', 'onTabChange'];

/** The handler's name for a message: `epframe.payment.success` becomes `onPaymentSuccess`. */
export function handlerName(message: string): string {
  const words = message.replace(/^epframe\./, '').split(/[._ ]/);
  const name = `on${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
  return name.replace(SHORTENED, 'on$1');
}

/** Calls the merchant's handlers of one widget. */
export class Callbacks {
  readonly #config: Config;
  readonly #last = new Map<string, string>();

  constructor(config: Config) {
    this.#config = config;
  }

  /** @param data what the handler gets; undefined for those that get nothing */
  call(name: string, data?: unknown): void {
    if (ON_CHANGE.includes(name)) {
      const text = JSON.stringify(data);
      if (this.#last.get(name) === text) return;
      this.#last.set(name, text);
    }
    const handler = this.#config[name];
    if (typeof handler === 'function') handler.call(this.#config, data);
  }
}
