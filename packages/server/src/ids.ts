import type { NewOperationIds } from '@rocketpay/core/payment/decision.ts';
import type pg from 'pg';

/** Wire ids are handed out in blocks: one round trip to the database for a thousand of them. */
const BLOCK = 1_000;
const REFILL_BELOW = 500;

export interface OperationIds {
  /** Identities nobody else has; waits only where the database must be asked. */
  take(): Promise<NewOperationIds>;
  /** Returns identities that were not used. */
  giveBack(ids: NewOperationIds): void;
}

export interface IdParts {
  /** The first number of a block of a thousand that nobody else has. */
  readonly nextBlock: () => Promise<number>;
  /** A fresh random name. */
  readonly randomName: () => string;
}

/** The database's sequence counts in steps of a block. */
export function blocksFrom(pool: pg.Pool): () => Promise<number> {
  return async () => {
    const { rows } = await pool.query<{ first: number }>(`SELECT nextval('operation_ids') AS first`);
    const [row] = rows;
    if (!row) throw new Error('the sequence of operation ids gave no number');
    return row.first;
  };
}

/** Identities of operations: a number unique over all projects, and random names for the request and the operator's call. */
export function createOperationIds({ nextBlock, randomName }: IdParts): OperationIds {
  const blocks: { next: number; readonly end: number }[] = [];
  const returned: NewOperationIds[] = [];
  let left = 0;
  let refill: Promise<void> | null = null;

  function refillOnce(): Promise<void> {
    refill ??= nextBlock()
      .then((first) => {
        blocks.push({ next: first, end: first + BLOCK });
        left += BLOCK;
      })
      .finally(() => {
        refill = null;
      });
    return refill;
  }

  function nextNumber(): number {
    while (blocks[0] && blocks[0].next >= blocks[0].end) blocks.shift();
    const [block] = blocks;
    if (!block) throw new Error('no operation id is at hand');
    left--;
    return block.next++;
  }

  return {
    async take() {
      const spare = returned.pop();
      if (spare) return spare;
      while (left === 0) await refillOnce();
      if (left <= REFILL_BELOW) refillOnce().catch(() => undefined);
      return { operationId: nextNumber(), requestId: randomName(), correlator: randomName() };
    },
    giveBack: (ids) => void returned.push(ids),
  };
}
