import type { KeyObject } from 'node:crypto';
import { webhookHeaders, webhookId } from '@rocketpay/contract/webhook.ts';
import type { AttemptResult, CallbackKind, CallbackRow } from '@rocketpay/core/callback/callback.ts';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Lanes, usualLimits, type JobEnd, type LaneLimits } from './lanes.ts';
import type { SendCallback } from './sender.ts';
import type { CallbackStore } from './store.ts';

export type { CallbackRow };
export type { CallbackStore } from './store.ts';
export type { SendCallback } from './sender.ts';
export { callbackColumns, enqueueCtes } from './enqueue.ts';
export { createAddressRule, type AddressRule } from './addresses.ts';
export { hasForeignPort } from './ports.ts';
export { createSender } from './sender.ts';
export { createCallbackStore } from './store.ts';
export { listCallbacks, type CallbackFilter, type CallbackCursor, type ListedCallback } from './listing-store.ts';
export { resendCallback, type Resent } from './resend-store.ts';

/** How much longer a lease is than an attempt: it outlasts the attempt by the first, and its holder may wait the second. */
const LEASE_MARGIN_MS = 10_000;
const LANE_WAIT_MS = 10_000;

export interface CallbackParts {
  readonly store: CallbackStore;
  readonly send: SendCallback;
  readonly clock: Clock;
  readonly log: Log;
  /** The longest that `send` takes. */
  readonly attemptTimeoutMs: number;
  /** A project's keys for Standard Webhooks, newest first; null, or a failure, where the project cannot be used here. */
  readonly keysOf: (projectId: number) => Promise<readonly KeyObject[] | null>;
  readonly limits?: Partial<LaneLimits>;
}

export interface NewCallback {
  readonly key: PaymentKey;
  readonly callbackNo: number;
  readonly url: string;
  /** Rendered and signed; sent as it is. */
  readonly body: string;
  readonly kind: CallbackKind;
  readonly final: boolean;
  readonly operationId: number;
  readonly now: number;
  readonly delayMs: number;
}

export interface Callbacks {
  /** The row that a commit takes in. */
  prepareRow(callback: NewCallback): CallbackRow;
  /** Sends committed rows that are ready, without waiting for them. */
  deliverNow(rows: readonly CallbackRow[]): void;
  /** Claims what is due and sends it, without waiting; resolves to the number claimed. */
  sweep(): Promise<number>;
  /** Takes no more and waits for the attempts on their way, one attempt's time-out at the longest. */
  drain(): Promise<void>;
}

interface Job {
  readonly row: CallbackRow;
  /** On the monotonic clock: a later attempt could outlast its lease. */
  readonly startByMs: number;
}

/** Delivers callbacks: at once after their commit, and again by schedule until the merchant acknowledges. */
export function createCallbacks(parts: CallbackParts): Callbacks {
  const { store, send, clock, log, attemptTimeoutMs } = parts;
  const limits = { ...usualLimits, ...parts.limits };
  const leaseMs = attemptTimeoutMs + LEASE_MARGIN_MS + LANE_WAIT_MS;
  const lanes = new Lanes(attempt, limits, () => clock.monotonicMs());
  const unusable = new Set<number>();
  let unsettled = 0;
  let draining = false;
  let onSettled = (): void => undefined;

  /** Null for a project whose callbacks stay as they are, due again when their lease is over. */
  async function keysFor({ projectId }: CallbackRow): Promise<readonly KeyObject[] | null> {
    const keys = await parts.keysOf(projectId).catch(() => null);
    if (keys) unusable.delete(projectId);
    else if (!unusable.has(projectId)) {
      unusable.add(projectId);
      log.warn({ projectId }, 'callbacks of a project that cannot be used here are due and wait');
    }
    return keys;
  }

  async function attempt({ row, startByMs }: Job): Promise<JobEnd> {
    const keys = await keysFor(row);
    const startedMs = clock.monotonicMs();
    if (keys === null || draining || startedMs > startByMs) return null;
    const startedAt = clock.now();
    unsettled++;
    try {
      const outcome = await send(row.url, row.body, webhookHeaders(webhookId(row), row.body, startedAt, keys));
      const result = { row, startedAt, endedAt: clock.now(), latencyMs: clock.monotonicMs() - startedMs, outcome };
      if (outcome.kind !== 'delivered') logFailure(result);
      // Not awaited: the endpoint's place is free before the result is written.
      void record(result);
      return outcome.status === null ? 'silent' : 'answered';
    } catch (error) {
      settled(row, error);
      return null;
    }
  }

  function record(result: AttemptResult): Promise<void> {
    return store.recordAttempt(result, leaseMs).then(
      (released) => {
        deliverNow(released);
        settled(result.row);
      },
      (error: unknown) => settled(result.row, error),
    );
  }

  function settled(row: CallbackRow, error?: unknown): void {
    // Its lease will end and it will be sent again: merchants take duplicates.
    if (error !== undefined) log.error({ err: error, ...names(row) }, 'callback attempt not recorded');
    unsettled--;
    if (unsettled === 0) onSettled();
  }

  function logFailure({ row, outcome, latencyMs }: AttemptResult): void {
    const { kind, status } = outcome;
    log.info(
      { ...names(row), attempt: row.attempts + 1, outcome: kind, status, latencyMs: Math.round(latencyMs) },
      'callback not acknowledged',
    );
  }

  function deliverNow(rows: readonly CallbackRow[]): void {
    if (draining || rows.length === 0) return;
    const [wallMs, monotonicMs] = [clock.now(), clock.monotonicMs()];
    for (const row of rows) {
      const leaseLeftMs = (row.leaseUntil ?? wallMs) - wallMs;
      // One that finds no place stays in the table and is due again when its lease is over.
      lanes.add(row.origin, { row, startByMs: monotonicMs + leaseLeftMs - attemptTimeoutMs - LEASE_MARGIN_MS });
    }
  }

  return {
    deliverNow,
    prepareRow({ key, callbackNo, url, body, kind, final, operationId, now, delayMs }) {
      const notBefore = now + delayMs;
      const leaseUntil = delayMs > 0 ? null : now + leaseMs;
      return {
        projectId: key.projectId,
        paymentKey: key.paymentKey,
        callbackNo,
        url,
        origin: originOf(url),
        body,
        kind,
        final,
        operationId,
        createdAt: now,
        notBefore,
        state: 'waiting',
        attempts: 0,
        attemptsBefore: 0,
        resends: 0,
        resentAt: null,
        dueAt: leaseUntil ?? notBefore,
        leaseUntil,
      };
    },
    async sweep() {
      const rows = draining ? 0 : lanes.room;
      if (rows <= 0) return 0;
      const claimed = await store.claimDue(clock.now(), leaseMs, {
        rows,
        rowsPerOrigin: 2 * limits.runningPerLane,
        oneOfOrigins: lanes.failing,
        exceptOrigins: lanes.full,
      });
      deliverNow(claimed);
      return claimed.length;
    },
    async drain() {
      draining = true;
      lanes.clear();
      if (unsettled === 0) return;
      const woken = new AbortController();
      onSettled = () => woken.abort();
      await clock.sleep(attemptTimeoutMs, woken.signal);
    },
  };
}

/** What a log line may say of a callback: never its path, its body or the payment's own words. */
function names({ projectId, callbackNo, operationId, origin }: CallbackRow) {
  return { projectId, operationId, callbackNo, endpoint: origin };
}

/** Scheme, host and port; for what is no URL, one origin together, so that such rows crowd out nobody. */
function originOf(url: string): string {
  return URL.parse(url)?.origin ?? 'null';
}
