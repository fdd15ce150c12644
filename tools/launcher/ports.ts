import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;

/**
 * Waits until nobody listens on these ports; an earlier start may still be stopping.
 *
 * @throws Error that names each port that is still busy after `waitMs`, and its setting
 */
export async function waitForFreePorts(
  ports: Readonly<Record<string, number>>,
  options: { waitMs: number; onWait: (busy: string) => void },
): Promise<void> {
  const deadline = Date.now() + options.waitMs;
  let told = false;
  for (;;) {
    const busy: string[] = [];
    for (const [setting, port] of Object.entries(ports)) if (!(await isFree(port))) busy.push(`${port} (${setting})`);
    if (busy.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`In use by another program: port ${busy.join(', ')}. Stop that program, or choose another port.`);
    }
    if (!told) options.onWait(busy.join(', '));
    told = true;
    await sleep(pollMs);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
