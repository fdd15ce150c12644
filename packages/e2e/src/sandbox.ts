import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment, TOP } from './config.ts';
import { eventually } from './eventually.ts';
import { clear, newFolder, noteGroup } from './folders.ts';
import { assertHushed } from './hush.ts';
import { freePorts } from './ports.ts';
import { listProcesses, postgresOf, signal } from './processes.ts';

const START_MS = 90_000;
const STOP_MS = 20_000;
const scripts = {
  platform: 'packages/server/src/main.ts',
  simulator: 'packages/simulator/src/main.ts',
  shop: 'packages/demo-shop/src/main.ts',
} as const;

export type Victim = keyof typeof scripts | 'launcher' | 'everything';

/** One whole system, started as `npm start` starts it: launcher, PostgreSQL, simulator, platform and demo merchant. */
export class Sandbox implements AsyncDisposable {
  readonly dataDir: string;
  readonly platform: string;
  readonly simulator: string;
  readonly shop: string;
  readonly #environment: Record<string, string>;
  #launcher: ChildProcess | undefined;
  #exitCode: Promise<number | null> = Promise.resolve(null);
  #output = '';
  #isUp = false;

  private constructor(dataDir: string, ports: readonly number[], settings: Readonly<Record<string, string>>) {
    const [first, second, third] = ports.map(String);
    const { PORT = first, SIMULATOR_PORT = second, SHOP_PORT = third } = settings;
    this.dataDir = dataDir;
    this.platform = `http://127.0.0.1:${PORT}`;
    this.simulator = `http://127.0.0.1:${SIMULATOR_PORT}`;
    this.shop = `http://127.0.0.1:${SHOP_PORT}`;
    this.#environment = {
      ...inheritedEnvironment(),
      DATA_DIR: dataDir,
      ...Object.fromEntries(Object.entries({ PORT, SIMULATOR_PORT, SHOP_PORT }).filter(([, port]) => port)),
      ...settings,
    } as Record<string, string>;
  }

  /** Starts a sandbox on free ports with a folder of its own, which `furnish` may fill first; resolves once it is up. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    furnish: (dataDir: string) => void = () => undefined,
  ): Promise<Sandbox> {
    const dataDir = newFolder();
    furnish(dataDir);
    const sandbox = new Sandbox(dataDir, await freePorts(3), settings);
    await sandbox.start();
    return sandbox;
  }

  /** Everything its processes have written so far. */
  get output(): string {
    return this.#output;
  }

  /** Starts the stopped or killed system again, with the same data, ports and settings. */
  async start(): Promise<void> {
    const from = this.#output.length;
    this.#isUp = true;
    const launcher = spawn(process.execPath, [join(TOP, 'tools/start.ts')], {
      cwd: TOP,
      env: this.#environment,
      // A process group of its own, as a terminal would make it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#launcher = launcher;
    noteGroup(this.dataDir, launcher.pid);
    for (const stream of [launcher.stdout, launcher.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    let ended = false;
    this.#exitCode = once(launcher, 'exit').then(([code]) => {
      ended = true;
      return code as number | null;
    });
    try {
      await eventually(
        'the sandbox is up',
        () => {
          if (ended) return 'ended' as const;
          return this.#output.slice(from).includes(' is up, after ') && ('up' as const);
        },
        START_MS,
      ).then((how) => assert.equal(how, 'up'));
    } catch (error) {
      await this.#destroy();
      throw new Error(`The sandbox does not start:\n${this.#output.slice(-4_000)}`, { cause: error });
    }
  }

  /** The exit code of the launcher, once it has ended by itself or by a signal (null). */
  ended(): Promise<number | null> {
    return this.#exitCode;
  }

  /** Ctrl-C's kin: SIGTERM to the whole group. Everything must be gone in time, and the logs must be clean. */
  async stop(): Promise<number | null> {
    const group = this.#group();
    if (group !== undefined) signal(-group, 'SIGTERM');
    const late = AbortSignal.timeout(STOP_MS);
    const code = await Promise.race([
      this.#exitCode,
      once(late, 'abort').then(async () => {
        await this.#destroy();
        throw new Error(`The sandbox does not stop within ${STOP_MS} ms:\n${this.#output.slice(-4_000)}`);
      }),
    ]);
    this.#launcher = undefined;
    assert.deepEqual(this.leftOver(), [], 'processes are left over after a stop');
    this.#isUp = false;
    assertHushed(this.#output);
    return code;
  }

  /** `kill -9`, and waits until the victim is gone. */
  async kill9(victim: Victim): Promise<void> {
    const pids = this.#pidsOf(victim);
    assert.ok(pids.length > 0, `there is no ${victim} to kill`);
    for (const pid of pids) signal(pid, 'SIGKILL');
    await eventually(`${victim} is gone`, () => {
      const alive = new Set(listProcesses().flatMap((entry) => [entry.pid, -entry.group]));
      return pids.every((pid) => !alive.has(pid)) && true;
    });
  }

  /** The commands of all processes that this sandbox started and that still run. */
  leftOver(): string[] {
    const group = this.#launcher?.pid;
    const postgres = postgresOf(this.dataDir);
    return listProcesses()
      .filter((entry) => (group !== undefined && entry.group === group) || entry.pid === postgres)
      .map((entry) => entry.command);
  }

  /** Stops in good order, then removes the data. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const endedByItself = this.#isUp && this.#group() === undefined;
      assert.ok(!endedByItself, `the sandbox ended by itself:\n${this.#output.slice(-4_000)}`);
      if (this.#isUp) await this.stop();
    } finally {
      await this.#destroy();
    }
  }

  async #destroy(): Promise<void> {
    this.#isUp = false;
    await clear(this.dataDir);
  }

  #group(): number | undefined {
    return this.#launcher?.exitCode === null && this.#launcher.signalCode === null ? this.#launcher.pid : undefined;
  }

  #pidsOf(victim: Victim): number[] {
    const group = this.#launcher?.pid ?? 0;
    if (victim === 'launcher') return [group];
    if (victim === 'everything') {
      const postgres = postgresOf(this.dataDir);
      return [-group, ...(postgres === undefined ? [] : [-postgres])];
    }
    return listProcesses()
      .filter((entry) => entry.group === group && entry.command.includes(scripts[victim]))
      .map((entry) => entry.pid);
  }
}
