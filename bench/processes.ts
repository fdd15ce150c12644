import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const politeStopMs = 20_000;
/** A process that fails at everything says so without end. */
const linesShown = 20;
const lineLimit = 2_000;

export type Running = {
  readonly pid: number;
  send(message: object): void;
  /** The next message of this kind. Rejects when the run is aborted. */
  receive<Message extends { kind: string }>(kind: Message['kind']): Promise<Message>;
  onMessage(listener: (message: { kind: string }) => void): void;
  stop(): Promise<void>;
  /** `kill -9`, as an accident would. */
  kill(): Promise<void>;
};

export type Starting = {
  readonly name: string;
  /** A TypeScript file. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nodeArguments?: readonly string[];
  readonly print: (line: string) => void;
  /** Aborted when the process ends before it is told to. */
  readonly run: AbortController;
};

/** Starts a process of Node. The channel closes when we are gone, however we went, and the process then stops by itself. */
export function startProcess({ name, script, environment, nodeArguments = [], print, run }: Starting): Running {
  run.signal.throwIfAborted();
  const child = spawn(process.execPath, [...nodeArguments, script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // JSON has no NaN.
    serialization: 'advanced',
  });
  let lines = 0;
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines += 1;
      if (lines <= linesShown) print(`${name}: ${line.slice(0, lineLimit)}`);
      if (lines === linesShown) print(`${name}: what else it says is left out`);
    });
  }
  let stopping = false;
  const ended = endOf(child).then((how) => {
    if (!stopping) run.abort(new Error(`The ${name} ${how}.`));
  });
  child.on('error', () => {});
  return {
    pid: child.pid ?? 0,
    send: (message) => void (child.connected && child.send(message)),
    receive: (kind) => receive(child, kind, run.signal),
    onMessage: (listener) => void child.on('message', listener),
    async kill() {
      stopping = true;
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      stopping = true;
      // One that a bench has frozen hears nothing else.
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), politeStopMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

function receive<Message extends { kind: string }>(
  child: ChildProcess,
  kind: Message['kind'],
  signal: AbortSignal,
): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const take = (message: Message) => message.kind === kind && resolve(message);
  const giveUp = () => reject(signal.reason);
  child.on('message', take);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  return promise.finally(() => {
    child.off('message', take);
    signal.removeEventListener('abort', giveUp);
  });
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  } catch (error) {
    return `did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}
