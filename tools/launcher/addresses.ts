import { isIPv6 } from 'node:net';

/** Where a program on this machine finds a server that listens on this host; a wildcard address is no address to ask at. */
export function urlOf(host: string, port: number): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const asked = bare === '0.0.0.0' ? '127.0.0.1' : bare === '::' ? '::1' : bare;
  return `http://${isIPv6(asked) ? `[${asked}]` : asked}:${port}`;
}
