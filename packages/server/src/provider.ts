import { operatorIds } from '@rocketpay/core/operators/operator.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createCamaraProvider } from './providers/camara/provider.ts';
import type { Provider } from './providers/port.ts';
import { createSaigaProvider } from './providers/saiga/provider.ts';

/** A lane of calls for each operator, and one for numbers nobody knows. */
const LANES = operatorIds.length + 1;

/** The provider that the settings choose; a new adapter is a line here. Ids are what merchants see, and stay. */
export function openProvider(config: Config, clock: Clock, log: Log): Provider {
  const { provider: name, providerUrl: baseUrl, providerClientId, providerClientSecret, operatorCalls } = config;
  const common = { name, baseUrl, clock, log, connections: operatorCalls * LANES };
  switch (name) {
    case 'camara':
      return createCamaraProvider({
        ...common,
        id: 1,
        clientId: providerClientId,
        clientSecret: providerClientSecret,
      });
    case 'saiga':
      return createSaigaProvider({ ...common, id: 2, merchant: providerClientId, secret: providerClientSecret });
  }
}
