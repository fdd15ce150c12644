import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const politeStopMs = 15_000;

export type Child = {
  name: string;
  /** Resolves, in words, once the process is gone. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts one of our processes. The channel between us is never used: it closes when we are gone, however we went, and the
 * child then stops by itself.
 */
export function startChild(
  name: string,
  script: string,
  environment: Record<string, string>,
  print: (name: string, line: string) => void,
): Child {
  const child = spawn(process.execPath, [script], { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) printLines(stream, (line) => print(name, line));
  const ended = endOf(child);
  let gone = false;
  void ended.then(() => (gone = true));
  return {
    name,
    ended,
    async stop() {
      if (gone) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => {
        print(name, `does not stop within ${politeStopMs / 1000} s and is killed`);
        child.kill('SIGKILL');
      }, politeStopMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

function printLines(stream: Readable | null, print: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', print);
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  } catch (error) {
    return `did not start: ${(error as Error).message}`;
  }
}
