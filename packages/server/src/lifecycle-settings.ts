import type { LifecycleSettings } from '@rocketpay/core/payment/rules.ts';
import type { Config } from './config.ts';
import type { Operators } from './operators/operators.ts';
import type { Provider } from './providers/port.ts';

/** What the lifecycle goes by, with the operators' rules as they were last read. */
export function lifecycleSettings(
  config: Config,
  operators: Pick<Operators, 'rules'>,
  provider: Pick<Provider, 'confirmIsIdempotent' | 'validateCharges'>,
): () => LifecycleSettings {
  return () => ({
    prepareDeadlineMs: config.prepareDeadlineMs,
    clarificationWaitMs: config.clarificationWaitMs,
    thresholdMs: config.thresholdMs,
    codeLifeMs: config.codeLifeMs,
    rules: operators.rules(),
    confirmIsIdempotent: provider.confirmIsIdempotent,
    validateCharges: provider.validateCharges,
  });
}
