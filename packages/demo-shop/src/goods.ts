export interface Goods {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly priceMinor: number;
}

/** What is on the shelf, in tiyn. */
export const goods: readonly Goods[] = [
  { id: 'coffee', name: 'Flat white', note: 'and a baursak', priceMinor: 120_000 },
  { id: 'film', name: 'Film night', note: 'one evening ticket', priceMinor: 249_000 },
  { id: 'pass', name: 'Game pass', note: 'thirty days', priceMinor: 490_000 },
];
