import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** Below the range that systems hand out to outgoing connections, so that a port stays free while its owner restarts. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/** Ports on the loopback that nobody listens on, and that are given to nobody else while this process lives. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await reserve(port)) && (await isFree(port))) found.push(port);
  }
  return found;
}

/** Holds the port's twin of UDP, which no program here uses: one of all test processes can. */
async function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.unref();
    return true;
  } catch {
    socket.close();
    return false;
  }
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
