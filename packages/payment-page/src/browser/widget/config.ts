/** What a merchant's page gives: parameters of the payment, how to open it, and handlers named `on…`. */
export type Config = Record<string, unknown>;

const MODES = ['purchase', 'payout', 'card_tokenize', 'card_verify', 'money_transfer', 'presentation'];

/** @throws a string, as merchants' pages expect, that says what is wrong */
export function checkConfig(config: Config): void {
  const { mode } = config;
  if (mode === undefined) return;
  if (!MODES.includes(String(mode))) raise(`Invalid mode "${String(mode)}": one of ${MODES.join(', ')} expected`);
  if (mode !== 'purchase') return;
  for (const name of ['payment_id', 'payment_currency']) {
    if (!config[name]) raise(`Parameter ${name} is required`);
  }
}

/** Throws a plain string: what the family's widgets throw, and what shops compare. */
export function raise(reason: string): never {
  throw reason;
}

/** A switch as shops write it: `1`, `true`, `'1'`; `'0'` and `'false'` are off. */
export const isOn = (value: unknown): boolean => Boolean(value) && !['0', 'false'].includes(String(value));

/**
 * The parameters as they are sent. Objects travel as JSON, which the server verifies against either way of signing them;
 * handlers and elements do not travel.
 */
export function parametersOf(config: Config): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || typeof value === 'function' || value instanceof Element) continue;
    found.push([name, value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  }
  const unsigned = { _referrer: document.referrer, _sw: String(screen.width), _sh: String(screen.height) };
  return [...found, ...Object.entries(unsigned)];
}
