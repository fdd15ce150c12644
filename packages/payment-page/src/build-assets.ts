import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Asset, PageAssets } from './assets.ts';
import { WIDGET_VERSION } from './widget-version.ts';

/** What old phones in use still run; older ones have the page without its script. */
const TARGET = ['es2021', 'chrome87', 'safari15', 'firefox90'];
/** Called unsupported for a fault of Safari's in a corner that this code does not visit. */
const SUPPORTED = { destructuring: true };
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

let built: Promise<PageAssets> | undefined;

/** The bundled files; the first call makes them (some 50 ms), every later one in this process gets the same. */
export async function pageAssets(): Promise<PageAssets> {
  built ??= make();
  return built;
}

async function make(): Promise<PageAssets> {
  const [page, failure, pageStyle, widget, widgetStyle] = await Promise.all([
    bundle('./browser/page/main.ts'),
    bundle('./browser/failure/main.ts'),
    bundle('./styles/page.css'),
    bundle('./browser/widget/main.ts'),
    bundle('./styles/merchant.css'),
  ]);
  const pageScript = asset(`/shared/page-${digest('sha256', page, 'hex').slice(0, 16)}.js`, 'js', page, true);
  const widgets = [
    asset('/shared/merchant.js', 'js', widget, false),
    asset('/shared/merchant.css', 'css', widgetStyle, false),
    asset(`/shared/merchant@${WIDGET_VERSION}.js`, 'js', widget, true),
    asset(`/shared/merchant@${WIDGET_VERSION}.css`, 'css', widgetStyle, true),
  ];
  return {
    all: [pageScript, ...widgets],
    pageScript,
    failureScript: failure.toString('utf8').trim(),
    pageStyle: pageStyle.toString('utf8').trim(),
    widgetVersion: WIDGET_VERSION,
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

function asset(path: string, type: keyof typeof types, body: Buffer, isImmutable: boolean): Asset {
  const integrity = `sha384-${digest('sha384', body, 'base64')}`;
  return { path, contentType: types[type], body, integrity, isImmutable };
}

const digest = (algorithm: string, body: Buffer, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm).update(body).digest(encoding);
