import { createCipheriv, randomBytes } from 'node:crypto';
import { assertText } from '../arguments.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;

/**
 * The AES-256 key: the bytes of the project's encryption key, filled up with NUL.
 *
 * @throws TypeError for one that is empty or too long: the family's SDKs disagree on what to do with the rest.
 */
export function linkKey(encryptionKey: string): Buffer {
  assertText('pageEncryptionKey', encryptionKey);
  const bytes = Buffer.from(encryptionKey, 'utf8');
  if (bytes.length > KEY_BYTES) throw new TypeError(`pageEncryptionKey must have 1 to ${KEY_BYTES} bytes`);
  return Buffer.concat([bytes, Buffer.alloc(KEY_BYTES - bytes.length)]);
}

/** AES-256-CBC, as a token that is one segment of a path: base64 of `base64(cipher text)::base64(iv)`. */
export function encryptLink(link: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(link, 'utf8'), cipher.final()]);
  return Buffer.from(`${encrypted.toString('base64')}::${iv.toString('base64')}`).toString('base64');
}
