import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment, TOP } from './config.ts';
import { clear, newFolder, noteGroup } from './folders.ts';

/** One of the product's programs, started alone. */
export class Started implements AsyncDisposable {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(program: string, args: readonly string[], dataDir: string, settings: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [join(TOP, program), ...args], {
      cwd: TOP,
      env: { ...inheritedEnvironment(), DATA_DIR: dataDir, ...settings },
      // A process group of its own, so that nothing it starts outlives its folder.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    noteGroup(dataDir, this.#child.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    // Not `exit`: what it wrote last must have been read.
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get output(): string {
    return this.#output;
  }

  /** Types a line, as at a terminal. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** SIGTERM, and its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
  }
}

/** A folder that goes with the test, and with it everything that still runs there. */
export function temporaryFolder(): { readonly path: string } & AsyncDisposable {
  const path = newFolder();
  return { path, [Symbol.asyncDispose]: () => clear(path) };
}
