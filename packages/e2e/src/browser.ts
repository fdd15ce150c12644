import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { givenBrowser, inheritedEnvironment } from './config.ts';
import { clear, newFolder } from './folders.ts';

const QUIET = '--disable-background-networking --disable-component-update --disable-sync --no-first-run'.split(' ');
const FLAGS = ['--no-sandbox', '--disable-gpu', ...QUIET];
/** The package unpacks the libraries it brings only where it believes to be needed for them. */
const BARE_MACHINE = 'AWS_Lambda_nodejs24.x';

interface Unpacked {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/**
 * Starts the browser that CHROMIUM_PATH names, else the packaged one with the libraries and fonts it brings.
 *
 * @throws Error that says what is needed, where neither can run
 */
export async function openBrowser(): Promise<{ readonly browser: Browser } & AsyncDisposable> {
  const folder = newFolder();
  const browser = await launch(folder).catch(async (error: unknown) => {
    await clear(folder);
    throw error;
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await clear(folder);
  };
  return { browser, [Symbol.asyncDispose]: close };
}

async function launch(folder: string): Promise<Browser> {
  const given = givenBrowser();
  const found = given ? { executablePath: given, env: inheritedEnvironment() } : await unpack(folder);
  return chromium.launch({ ...found, args: FLAGS, headless: true });
}

const fontsIn = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

async function unpack(folder: string): Promise<Unpacked> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The packaged browser runs on Linux x64 only, and this is ${process.platform} ${process.arch}: ` +
        'set CHROMIUM_PATH to the program of a Chromium or Chrome.',
    );
  }
  const script = fileURLToPath(import.meta.resolve('./unpack-browser.ts'));
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...inheritedEnvironment(), TMPDIR: folder, AWS_EXECUTION_ENV: BARE_MACHINE },
  });
  const env = inheritedEnvironment();
  // The package's own configuration looks for its fonts in /tmp only, and without any font all text has no size.
  await writeFile(join(folder, 'fonts/fonts.conf'), fontsIn(folder));
  const libraries = [join(folder, 'al2023/lib'), env['LD_LIBRARY_PATH']].filter((path) => path !== undefined);
  return {
    executablePath: stdout.trim(),
    env: { ...env, LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}
