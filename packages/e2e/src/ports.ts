import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** Below the range that systems hand out to outgoing connections, so that a port stays free while its owner restarts. */
const LOWEST = 12_000;
const HIGHEST = 32_000;
const taken = new Set<number>();

/** Ports on the loopback that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.has(port) && (await isFree(port))) found.push(port);
    taken.add(port);
  }
  return found;
}

/** True when a server can listen on the port now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
