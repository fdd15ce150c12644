import type { ParseArgsOptionDescriptor } from 'node:util';
import type pg from 'pg';
import type { AddressRule } from '../callbacks/callbacks.ts';
import type { Clock } from '../clock.ts';
import type { Incidents, Payments } from '../payments/payments.ts';
import type { ProjectAdmin, ProjectEdits, SecretBox } from '../projects/projects.ts';

/** What the platform gives a command. */
export interface AdminContext {
  /** Who makes the change. */
  readonly by: string;
  readonly clock: Clock;
  readonly pool: pg.Pool;
  /** Seals what a command stores and nobody may read in the database. */
  readonly box: SecretBox;
  readonly projects: ProjectAdmin;
  readonly edits: ProjectEdits;
  /** Where callbacks may go, by the settings of the command. */
  readonly mayCallBack: AddressRule;
  /** Tells a person how far a long command has come. */
  readonly progress: (line: string) => void;
  readonly incidents: Incidents;
  /** The payments room over the same database: one more process of the platform, for as long as the command takes. */
  payments(): Promise<Pick<Payments, 'settle'>>;
}

/** Gives a command the platform's rooms, for as long as it uses them. */
export type OpenPlatform = (
  call: { readonly by: string; readonly mayComeFirst: boolean },
  use: (context: AdminContext) => Promise<string>,
) => Promise<string>;

/** What a command has to say: lines for a person, and the same as a value for a script. */
export interface Said {
  readonly text: string;
  readonly json: unknown;
}

export interface Option extends ParseArgsOptionDescriptor {
  /** What stands for the value in the help; flags have none. */
  readonly value?: string;
  readonly says: string;
}

/** The options that were given, each at most once, as text; a flag as true. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly says: string;
  readonly options: Readonly<Record<string, Option>>;
  /** True for what may come before the platform's first start: a database is made where there is none. */
  readonly mayComeFirst?: true;
  /** Throws a UsageError for what cannot be done as asked. */
  run(context: AdminContext, given: Given): Promise<Said>;
}

/** A noun of the command: `rocketpay <noun> <verb>`. */
export interface Noun {
  readonly name: string;
  readonly says: string;
  readonly verbs: Readonly<Record<string, Command>>;
}

/** The call is wrong, or what it asks for is not possible: said in a line, and nothing was changed. */
export class UsageError extends Error {}
