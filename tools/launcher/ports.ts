import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;

export type Place = { host: string; port: number };

/**
 * Waits until nobody listens at these places, each by the name of its port's setting; an earlier start may still be stopping.
 *
 * @throws Error that names each port that is still busy after `waitMs`, and its setting; at once, a place where this
 *   account can not listen at all
 */
export async function waitForFreePorts(
  places: Readonly<Record<string, Place>>,
  options: { waitMs: number; onWait: (busy: string) => void },
): Promise<void> {
  const deadline = Date.now() + options.waitMs;
  let told = false;
  for (;;) {
    const busy: string[] = [];
    for (const [setting, place] of Object.entries(places)) {
      if (!(await isFree(setting, place))) busy.push(`${place.port} (${setting})`);
    }
    if (busy.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`In use by another program: port ${busy.join(', ')}. Stop that program, or choose another port.`);
    }
    if (!told) options.onWait(busy.join(', '));
    told = true;
    await sleep(pollMs);
  }
}

async function isFree(setting: string, { host, port }: Place): Promise<boolean> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw new Error(`Nothing can listen on ${host}, port ${port} (${setting}): ${(cause as Error).message}`, { cause });
  }
  server.close();
  await once(server, 'close');
  return true;
}
