import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeAsset, type PageAssets } from './assets.ts';
import { RELEASES, readReleases } from './widget-releases.ts';

/** What old phones in use still run; older ones have the page without its script. */
const TARGET = ['es2021', 'chrome87', 'safari15', 'firefox90'];
/** Called unsupported for a fault of Safari's in a corner that this code does not visit. */
const SUPPORTED = { destructuring: true };

let built: Promise<PageAssets> | undefined;

/** The bundled files; the first call makes them (some 50 ms), every later one in this process gets the same. */
export async function pageAssets(): Promise<PageAssets> {
  built ??= buildAssets();
  return built;
}

/**
 * Bundles the present source, and adds the released widgets in `releases`. An address that names a release is answered with
 * the archived bytes alone, whatever a bundler makes of the source elsewhere or later.
 */
export async function buildAssets(releases: URL = RELEASES): Promise<PageAssets> {
  const [page, failure, pageStyle, widget, widgetStyle] = await Promise.all([
    bundle('./browser/page/main.ts'),
    bundle('./browser/failure/main.ts'),
    bundle('./styles/page.css'),
    bundle('./browser/widget/main.ts'),
    bundle('./styles/merchant.css'),
  ]);
  const name = createHash('sha256').update(page).digest('hex').slice(0, 16);
  const pageScript = makeAsset(`/shared/page-${name}.js`, 'js', page, true);
  return {
    all: [
      pageScript,
      makeAsset('/shared/merchant.js', 'js', widget, false),
      makeAsset('/shared/merchant.css', 'css', widgetStyle, false),
      ...readReleases(releases),
    ],
    pageScript,
    failureScript: failure.toString('utf8').trim(),
    pageStyle: pageStyle.toString('utf8').trim(),
  };
}

async function bundle(entry: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(entry))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: TARGET,
    supported: SUPPORTED,
    logLevel: 'silent',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`${entry} gave no file`);
  return Buffer.from(file.contents);
}
