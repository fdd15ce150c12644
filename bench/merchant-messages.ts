import type { Spread } from './percentiles.ts';

/** The stages of a purchase that are timed, in their order, each with its wording in the report. */
export const stages = {
  saleAnswer: 'sale -> answer',
  codeWanted: 'sale -> callback that wants the code',
  codeAnswer: 'code -> answer',
  success: 'code -> callback of success',
  purchase: 'whole purchase',
} as const;
export type Stage = keyof typeof stages;
export const stageNames = Object.keys(stages) as Stage[];

/** To the merchant: drive purchases until told to finish. */
export type Start = {
  readonly kind: 'start';
  readonly gateUrl: string;
  readonly simulatorUrl: string;
  readonly concurrency: number;
  /** Payment ids are this, a dash and a number from 0. */
  readonly runName: string;
  readonly amountMinor: number;
};
export type Command =
  | Start
  | { readonly kind: 'begin-window' }
  | { readonly kind: 'end-window' }
  | { readonly kind: 'finish' };

/** From the merchant, once it hears callbacks. */
export type Listening = { readonly kind: 'listening'; readonly callbackUrl: string };
/** Every second. */
export type Progress = { readonly kind: 'progress'; readonly succeeded: number; readonly faults: number };
/** The purchases that ended within the window. */
export type Measured = {
  readonly kind: 'measured';
  readonly elapsedMs: number;
  readonly purchases: number;
  readonly spreads: Readonly<Record<Stage, Spread>>;
};
/** The whole run, with the warm-up and what was still under way at its end. */
export type Finished = {
  readonly kind: 'finished';
  readonly started: number;
  readonly succeeded: number;
  readonly callbacks: number;
  readonly signaturesVerified: number;
  /** What should not have happened, with how often. */
  readonly faults: Readonly<Record<string, number>>;
};
