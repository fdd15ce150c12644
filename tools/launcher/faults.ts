import { readConfig as readShopConfig } from '../../packages/demo-shop/src/config.ts';
import { readConfig as readServerConfig } from '../../packages/server/src/config.ts';
import { readSettings as readSimulatorSettings } from '../../packages/simulator/src/config.ts';
import { childEnvironment, type Environment, type LauncherConfig } from './config.ts';

/**
 * Every fault in the settings of every process that will be started, so that a user mends them in one go. Each begins
 * with its setting's name; of several about one setting the first is kept.
 */
export function allFaults(config: LauncherConfig, ownFaults: readonly string[], environment: Environment): string[] {
  const inherited = childEnvironment(config, config.databaseUrl ?? '', environment);
  const server = readServerConfig(inherited);
  const faults = [...ownFaults, ...(server.ok ? [] : server.faults)];
  if (config.mode === 'sandbox') {
    const simulator = readSimulatorSettings(inherited);
    const shop = readShopConfig(inherited);
    faults.push(...('faults' in simulator ? simulator.faults : []), ...(shop.ok ? [] : shop.faults));
  }
  const settingOf = (fault: string) => /^\w+/.exec(fault)?.[0];
  return faults.filter((fault, at) => faults.findIndex((one) => settingOf(one) === settingOf(fault)) === at);
}
