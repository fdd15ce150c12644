import { createHash } from 'node:crypto';

/** A file the page or a shop loads, ready to be sent. */
export interface Asset {
  /** The path it is served at, on the platform's origin. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** `sha384-…`, for the `integrity` attribute. */
  readonly integrity: string;
  /** The path names the content or the release, so it may be kept for ever. */
  readonly isImmutable: boolean;
}

/** Everything there is to serve beside the pages; built once per process. */
export interface PageAssets {
  readonly all: readonly Asset[];
  readonly pageScript: Asset;
  /** Written into the page itself: one request fewer before it can be used. */
  readonly pageStyle: string;
  /** Written into the page shown instead of one that cannot be opened. */
  readonly failureScript: string;
}

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;
export type AssetType = keyof typeof TYPES;

/** A script or a style, to be served at this path. */
export function makeAsset(path: string, type: AssetType, body: Buffer, isImmutable: boolean): Asset {
  const integrity = `sha384-${createHash('sha384').update(body).digest('base64')}`;
  return { path, contentType: TYPES[type], body, integrity, isImmutable };
}
