import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

export type Coding = 'br' | 'gzip' | null;

/** The best coding that the client takes; one with `q=0` it does not take. */
export function codingFor(acceptEncoding: string | undefined): Coding {
  const taken = (acceptEncoding ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]?.trim());
  return taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : null;
}

/** Text made for one answer: quick rather than small. */
export async function compressNow(text: string, coding: Coding): Promise<Buffer> {
  if (coding === 'br') return brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return coding === 'gzip' ? zip(text, { level: 6 }) : Buffer.from(text);
}

/** A file that is sent often and made once: small rather than quick. */
export async function compressOnce(file: Buffer): Promise<Readonly<Record<'br' | 'gzip', Buffer>>> {
  const [br, gz] = await Promise.all([brotli(file), zip(file, { level: 9 })]);
  return { br, gzip: gz };
}
