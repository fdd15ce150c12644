import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressRule } from './addresses.ts';
import type { Resolve } from './names.ts';

export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
}

/**
 * Connects only to addresses that the rule lets through. A name is resolved once, for the very connection that is made: all
 * of its addresses must pass, and the connection goes to one of them, so that an answer that changes between check and use
 * gains nothing.
 */
export function guardedConnector(
  rule: AddressRule,
  resolve: Resolve,
  connectTimeoutMs: number,
): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) return done(error ?? new Error('the name has no address'), '', 0);
      if (!addresses.every(({ address }) => rule(address)))
        return done(new BlockedAddressError('address not allowed'), '', 0);
      if (options.all) return done(null, [...addresses]);
      done(null, first.address, first.family);
    });
  };
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    lookup,
    // Node's half a second is soon over on a far or busy way; the last of three addresses still has its turn.
    autoSelectFamilyAttemptTimeout: Math.ceil(connectTimeoutMs / 3),
  });
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && !rule(options.hostname)) {
      return callback(new BlockedAddressError('address not allowed'), null);
    }
    connect(options, callback);
  };
}
