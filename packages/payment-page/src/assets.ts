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
  /** The widget's release, `x.y.z`, as in `/shared/merchant@x.y.z.js`. */
  readonly widgetVersion: string;
}
