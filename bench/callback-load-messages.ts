import type { Spread } from './percentiles.ts';

/** To the load: begin payments at this rate, spread evenly over the endpoints, and go on until told to finish. */
export type StartLoad = {
  readonly kind: 'start';
  readonly gateUrl: string;
  readonly runName: string;
  readonly paymentsPerSecond: number;
  /** Half of the endpoints are dead; the other half is watched either way. */
  readonly dead: boolean;
};
export type LoadCommand =
  | StartLoad
  | { readonly kind: 'begin-window' }
  | { readonly kind: 'end-window' }
  | { readonly kind: 'finish' };

export type LoadReady = { readonly kind: 'ready' };
/** Of the watched endpoints within the window. */
export type LoadMeasured = {
  readonly kind: 'measured';
  readonly elapsedMs: number;
  readonly callbacks: number;
  /** From the sale, which ends at once, to its callback. */
  readonly after: Spread;
};
export type LoadFinished = {
  readonly kind: 'finished';
  readonly payments: number;
  readonly repeats: number;
  readonly verified: number;
  readonly faults: Readonly<Record<string, number>>;
};
