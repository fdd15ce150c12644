import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { createMemoryCallbackStore } from '@rocketpay/server/callbacks/memory-store.ts';
import type { CallbackStore } from '@rocketpay/server/callbacks/store.ts';

export interface MemoryCallbacks extends CallbackStore {
  enqueueNow(rows: readonly CallbackRow[]): readonly CallbackRow[];
  /** The earliest time by which somebody must look at a callback; null when none waits. */
  nextDueAt(): number | null;
}

/** The callbacks' memory store, which also knows when the next of its rows is due. */
export function createMemoryCallbacks(): MemoryCallbacks {
  const store = createMemoryCallbackStore();
  const dues = new Map<string, number>();

  /** The store answers within the turn, so that what is due is known before time goes on. */
  async function refresh(key: PaymentKey): Promise<void> {
    const times = (await store.list(key)).flatMap((row) => row.dueAt ?? []);
    const name = keyText(key);
    if (times.length > 0) dues.set(name, Math.min(...times));
    else dues.delete(name);
  }

  return {
    ...store,
    enqueueNow(rows) {
      const ready = store.enqueueNow(rows);
      for (const row of rows) void refresh(row);
      return ready;
    },
    async enqueue(rows) {
      const ready = await store.enqueue(rows);
      for (const row of rows) await refresh(row);
      return ready;
    },
    async claimDue(now, leaseMs, limits) {
      const earliest = Math.min(...dues.values());
      if (earliest > now) return [];
      const held = [...dues.entries()].filter(([, at]) => at <= now).map(([name]) => name);
      const claimed = await store.claimDue(now, leaseMs, limits);
      for (const name of held) {
        const [projectId = '', paymentKey = ''] = name.split('\n');
        await refresh({ projectId: Number(projectId), paymentKey });
      }
      return claimed;
    },
    async recordAttempt(result, leaseMs) {
      const released = await store.recordAttempt(result, leaseMs);
      await refresh(result.row);
      return released;
    },
    nextDueAt: () => (dues.size === 0 ? null : Math.min(...dues.values())),
  };
}
