import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

type File = { readonly type: string; readonly bytes: Buffer; readonly packed: boolean };

/** What our page is measured beside, from a bare server that compresses as well as ours. */
export type Peers = {
  readonly dropinUrl: string;
  /** A page that is nothing but the field, and as many bytes on the wire. */
  readonly staticUrl: (bytes: number) => string;
  close(): Promise<void>;
};

export const peerFields = { dropin: '#checkout input', static: 'input[name=number]' } as const;

export async function servePeers(): Promise<Peers> {
  const files = new Map<string, File>([
    ['/dropin', { type: 'text/html; charset=utf-8', bytes: Buffer.from(dropinPage), packed: true }],
    ['/favicon.ico', { type: 'image/x-icon', bytes: Buffer.alloc(0), packed: false }],
  ]);
  for (const [path, file] of Object.entries(await bundleDropin())) files.set(path, file);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (!file) return void response.writeHead(404).end();
    const { encoding, bytes } = pack(file, request.headers['accept-encoding'] ?? '');
    response.writeHead(200, { 'content-type': file.type, ...(encoding && { 'content-encoding': encoding }) });
    response.end(bytes);
  });
  const origin = await listen(server);
  return {
    dropinUrl: `${origin}/dropin`,
    staticUrl: (bytes) => {
      files.set('/static', { type: 'text/html; charset=utf-8', bytes: staticPage(bytes), packed: false });
      return `${origin}/static`;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function pack({ bytes, packed }: File, accepted: string): { encoding?: string; bytes: Buffer } {
  if (!packed) return { bytes };
  if (/\bbr\b/.test(accepted)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    return { encoding: 'br', bytes: brotliCompressSync(bytes, { params }) };
  }
  return { encoding: 'gzip', bytes: gzipSync(bytes, { level: 9 }) };
}

/** The drop-in as a shop's bundler would ship it: one script, one style sheet, minified. */
async function bundleDropin(): Promise<Record<string, File>> {
  const { outputFiles } = await build({
    entryPoints: {
      dropin: join(import.meta.dirname, 'adyen-page.ts'),
      adyen: '@adyen/adyen-web/styles/adyen.css',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outdir: '/',
    legalComments: 'none',
  });
  const type = (path: string) => (path.endsWith('.js') ? 'text/javascript' : 'text/css');
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path, { type: type(path), bytes: Buffer.from(contents), packed: true }]),
  );
}

/** The packaged browser ends where a control has the system's own font. */
const fonts = '<style>*{font-family:sans-serif!important}</style>';

const dropinPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${fonts}<link rel="stylesheet" href="/adyen.css">
<main id="checkout"></main><script type="module" src="/dropin.js"></script></html>`;

/** What the answer's head takes on the wire. */
const headBytes = 160;

function staticPage(bytes: number): Buffer {
  const start =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pay</title><meta name="viewport" content="width=device-width">' +
    fonts +
    '<h1>1 000,00 ₸</h1><form><label>Number <input name="number" inputmode="tel"></label><button>Pay</button></form><!--';
  const fill = Math.max(0, bytes - Buffer.byteLength(start) - headBytes);
  return Buffer.from(
    `${start}${randomBytes(Math.ceil(fill / 2))
      .toString('hex')
      .slice(0, fill)}--></html>`,
  );
}
