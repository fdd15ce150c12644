import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'master.key';

/** The platform's master key: the one given, else the one kept in the data folder, made at the first start (32 bytes). */
export async function loadMasterKey(given: Buffer | null, dataDir: string): Promise<Buffer> {
  if (given) return given;
  const path = join(dataDir, FILE);
  await mkdir(dataDir, { recursive: true });
  try {
    // `wx` lets only one of several processes make it; the others read what that one wrote.
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await chmod(path, 0o600);
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} does not hold 32 bytes in base64`);
  return key;
}

/** A key for one purpose, derived from the master key, so that no two purposes share one. */
export function deriveKey(masterKey: Buffer, purpose: 'secrets' | 'notices' | 'pages'): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `rocketpay ${purpose}`, 32));
}
