import { html, type Html } from './html.ts';

/** A time of day; a script writes it in the reader's zone. */
export const moment = (date: Date): Html =>
  html`<time datetime="${date.toISOString()}">${date.toISOString().slice(11, 19)} UTC</time>`;
