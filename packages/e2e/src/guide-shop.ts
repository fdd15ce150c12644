import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TOP } from './config.ts';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';
import { newPaymentId, newPhone, type Stage } from './stage.ts';
import { Started } from './started.ts';

interface Place {
  readonly stage: Stage;
  readonly folder: string;
}

/** The samples of the SDK's guide by the file name that each begins with. */
export const samples = new Map(
  [...readFileSync(join(TOP, 'docs/guides/sdk.md'), 'utf8').matchAll(/```ts\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)].map(
    ([, name = '', text = '']) => [name, text],
  ),
);
const ran = new Set<string>();

/** The samples as a shop of its own, with the sandbox's addresses for those in the guide. */
export class GuideShop {
  readonly paymentId = newPaymentId();
  readonly phone = newPhone();
  readonly port: number;
  readonly #place: Place;
  readonly #path: string;
  readonly #gate: string;

  /** @param gate where the shop finds the platform, when not where it is */
  constructor(place: Place, name: string, port: number, gate = place.stage.sandbox.platform) {
    this.port = port;
    this.#place = place;
    this.#gate = gate;
    this.#path = join(place.folder, name);
    mkdirSync(this.#path);
    symlinkSync(join(TOP, 'node_modules'), join(this.#path, 'node_modules'));
    writeFileSync(join(this.#path, 'package.json'), '{"type":"module"}');
    hush(this.phone);
    for (const sample of samples.keys()) this.write(sample);
  }

  /** Writes a sample, with another text for one in it where told. */
  write(sample: string, [from, to]: readonly [string, string] = ['', '']): void {
    const text = (samples.get(sample) ?? '')
      .replaceAll('http://127.0.0.1:8080', this.#gate)
      .replaceAll(/\b3000\b/g, String(this.port))
      .replaceAll('order-1', this.paymentId)
      .replaceAll('77071234567', this.phone);
    this.add(sample, text.replaceAll(from, to));
  }

  /** Writes a file of the test's own beside the samples. */
  add(file: string, text: string): void {
    writeFileSync(join(this.#path, file), text);
  }

  start(sample: string, settings: Readonly<Record<string, string>> = {}): Started {
    ran.add(sample);
    return new Started(relative(TOP, join(this.#path, sample)), [], this.#place.folder, settings);
  }

  /** Runs a sample to its end, which must be a good one; resolves to what it printed. */
  async run(sample: string): Promise<string> {
    const program = this.start(sample);
    assert.equal(await program.ended, 0, `${sample}: ${program.output}`);
    return program.output;
  }

  /** A sample that listens. */
  async serve(sample: string, settings: Readonly<Record<string, string>> = {}): Promise<Started> {
    const server = this.start(sample, settings);
    await eventually(`${sample} listens: ${server.output}`, () =>
      fetch(`http://127.0.0.1:${this.port}/`).then(
        () => true,
        () => undefined,
      ),
    );
    return server;
  }

  /** The purchase of the guide, to its end. */
  async purchase(told: (kind: string) => unknown): Promise<void> {
    await this.run('buy.ts');
    await eventually('the shop was asked for the code', () => told('code_wanted'));
    const code = await this.#place.stage.operator.code(this.phone, this.paymentId);
    this.write('code.ts', ['123456', code]);
    await this.run('code.ts');
    await eventually('the shop was told of the success', () => told('succeeded'));
  }

  /** Notes that samples run as parts of others. */
  static ranWithin(...parts: readonly string[]): void {
    for (const part of parts) ran.add(part);
  }

  /** The samples that no shop has run so far. */
  static leftOut(): string[] {
    return [...samples.keys()].filter((sample) => !ran.has(sample));
  }

  /** The files of all samples. */
  get files(): string[] {
    return [...samples.keys()].map((sample) => join(this.#path, sample));
  }
}
