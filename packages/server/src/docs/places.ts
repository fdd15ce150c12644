import type { Config } from '../config.ts';
import { escapeHtml } from './html.ts';

/** Addresses of this sandbox, without a slash behind them. */
export interface SandboxPlaces {
  readonly platform?: string | undefined;
  readonly simulator?: string | undefined;
  readonly shop?: string | undefined;
}

/** Those of a sandbox. A platform in production has none: there the guides speak of a sandbox of the reader's own. */
export function placesOf(
  config: Pick<Config, 'mode' | 'publicUrl' | 'providerUrl' | 'sandboxCallbackUrl'>,
): SandboxPlaces {
  if (config.mode !== 'sandbox') return {};
  const { publicUrl, providerUrl, sandboxCallbackUrl } = config;
  return {
    platform: originOf(publicUrl),
    simulator: originOf(providerUrl),
    ...(sandboxCallbackUrl !== null && { shop: originOf(sandboxCallbackUrl) }),
  };
}

const originOf = (address: string): string => new URL(address).origin;

/** As the guides have them: those of `npm start` without any setting. */
const usual: Required<Record<keyof SandboxPlaces, string>> = {
  platform: 'http://127.0.0.1:8080',
  simulator: 'http://127.0.0.1:8090',
  shop: 'http://127.0.0.1:8070',
};

const anyUsual = new RegExp(`(?:${Object.values(usual).join('|').replaceAll('.', '\\.')})(?!\\d)`, 'g');

/** The HTML of a guide with this sandbox's addresses in the place of the usual ones, so that its samples can be pasted. */
export function relocated(page: string, places: SandboxPlaces): string {
  const here = new Map(
    (Object.keys(usual) as (keyof SandboxPlaces)[]).map((name) => [usual[name], places[name] ?? usual[name]]),
  );
  return page.replaceAll(anyUsual, (address) => escapeHtml(here.get(address) ?? address));
}
