/** A promise that a run has seen broken. */
export interface Violation {
  /** One clear sentence. */
  readonly says: string;
  /** The merchant's payment id; null where no single payment is to blame. */
  readonly paymentId: string | null;
}

/** The first broken promises of a run, in the order in which they were seen. */
export class Violations {
  readonly found: Violation[] = [];

  add(says: string, paymentId: string | null): void {
    this.found.push({ says, paymentId });
  }
}
