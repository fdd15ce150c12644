import { createDecipheriv } from 'node:crypto';

const keyBytes = 32;
/** Node takes no longer address than this anyway. */
const maxToken = 16_384;
const tokenForm = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * The query of an encrypted link, `/{project_id}/{token}`; undefined when the token is none of this key's. The token is
 * base64 of `base64(ciphertext)::base64(iv)`, AES-256-CBC, as the family's SDKs make it; the text begins with `/payment?`,
 * from PHP without the slash. The signature inside is what protects it: this cipher hides and proves nothing.
 */
export function openPageLink(token: string, encryptionKey: string): string | undefined {
  if (token.length > maxToken || !tokenForm.test(token)) return undefined;
  const [ciphertext, iv, ...rest] = Buffer.from(token, 'base64').toString('latin1').split('::');
  if (ciphertext === undefined || iv === undefined || rest.length > 0) return undefined;
  const nonce = Buffer.from(iv, 'base64');
  if (nonce.length !== 16) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-cbc', keyOf(encryptionKey), nonce);
    const plain = Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64')), decipher.final()]);
    return /^\/?payment\?([\s\S]+)$/.exec(plain.toString('utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Padded with NUL, or cut, to 32 bytes: what PHP's and Python's libraries do with a key of another length. */
function keyOf(text: string): Buffer {
  const key = Buffer.alloc(keyBytes);
  Buffer.from(text, 'utf8').copy(key);
  return key;
}
