import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnvironment } from './config.ts';
import { postgresOf, signal } from './processes.ts';
import { TOP } from './sandbox.ts';

const live = new Set<Started>();
process.on('exit', () => {
  for (const one of live) one.destroy();
});

/** One of the product's programs, started alone. */
export class Started implements AsyncDisposable {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  #output = '';

  constructor(program: string, args: readonly string[], dataDir: string, settings: Readonly<Record<string, string>>) {
    this.#dataDir = dataDir;
    this.#child = spawn(process.execPath, [join(TOP, program), ...args], {
      cwd: TOP,
      env: { ...inheritedEnvironment(), DATA_DIR: dataDir, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    // Not `exit`: what it wrote last must have been read.
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
    live.add(this);
  }

  get output(): string {
    return this.#output;
  }

  /** SIGTERM, and its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }

  destroy(): void {
    this.#child.kill('SIGKILL');
    const postgres = postgresOf(this.#dataDir);
    if (postgres !== undefined) signal(-postgres, 'SIGKILL');
    live.delete(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
    this.destroy();
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'rocketpay-story-'));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}
