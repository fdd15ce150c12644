import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createCallbacks, createCallbackStore, type Callbacks } from './callbacks/callbacks.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { blocksFrom, createOperationIds } from './ids.ts';
import { lifecycleSettings } from './lifecycle-settings.ts';
import type { Log } from './log.ts';
import { deriveKey } from './master-key.ts';
import { breakerRules, createOperatorGate, createOperators, createOperatorStore } from './operators/operators.ts';
import { createNoticeAddresses, createPayments, createPaymentStore, type Payments } from './payments/payments.ts';
import type { Projects } from './projects/projects.ts';
import { openProvider } from './provider.ts';

export interface CommandPaymentsParts {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly projects: Projects;
  readonly masterKey: Buffer;
}

const nothing = (): void => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Callbacks that others send: due at once, under nobody's lease, so that a running platform takes them at its next look. */
export function handOver(callbacks: Pick<Callbacks, 'prepareRow'>): Pick<Callbacks, 'prepareRow' | 'deliverNow'> {
  return {
    prepareRow(callback) {
      const row = callbacks.prepareRow(callback);
      return { ...row, dueAt: row.notBefore, leaseUntil: null };
    },
    deliverNow: nothing,
  };
}

/**
 * The payments room for the length of a command. It decides and commits as every process of the platform does, beside
 * them: the payment's version tells who was first. A person's word asks the operator nothing, so no call is made here.
 */
export async function paymentsOfCommand({
  config,
  pool,
  projects,
  masterKey,
}: CommandPaymentsParts): Promise<Payments> {
  const clock = systemClock;
  const provider = openProvider(config, clock, log);
  const gate = createOperatorGate({
    clock,
    log,
    rules: breakerRules({ failures: config.breakerFailures, openMs: config.breakerOpenMs }),
    mostCalls: 1,
    answers: () => provider.answers(),
    tell: nothing,
  });
  const operators = await createOperators({ store: createOperatorStore(pool), gate });
  const callbacks = createCallbacks({
    store: createCallbackStore(pool),
    send: () => Promise.reject(new Error('a command sends no callbacks')),
    keysOf: async () => null,
    clock,
    log,
    attemptTimeoutMs: config.callbackTimeoutMs,
  });
  return createPayments({
    store: createPaymentStore(pool),
    callbacks: handOver(callbacks),
    projects,
    provider,
    gate,
    noticeAddresses: createNoticeAddresses(deriveKey(masterKey, 'notices'), config.publicUrl),
    clock,
    log,
    ids: createOperationIds({ nextBlock: blocksFrom(pool), randomName: randomUUID }),
    settings: lifecycleSettings(config, operators, provider),
  });
}
