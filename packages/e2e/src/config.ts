import { join } from 'node:path';

/** The folder of the repository. */
export const TOP = join(import.meta.dirname, '../../..');

const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'];

/** The machine's own variables for the processes that are started, and none of the product's settings. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.map((name) => [name, process.env[name]] as const).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

/** CHROMIUM_PATH: a Chromium or Chrome to use in place of the packaged one. */
export function givenBrowser(): string | undefined {
  return process.env['CHROMIUM_PATH']?.trim() || undefined;
}
