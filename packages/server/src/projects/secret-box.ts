import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts what must be readable again and may not lie open in the database. */
export interface SecretBox {
  /** `context` binds the text to its place: sealed for one project it does not open for another. */
  seal(plain: string, context: string): string;
  /** Throws when the text was sealed under another key or for another place. */
  open(sealed: string, context: string): string;
}

const VERSION = 'v1';

/** AES-256-GCM with a fresh nonce per text. `key` is 32 bytes. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, nonce, sealed, cipher.getAuthTag()]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open(sealed, context) {
      const [version, nonce, text, tag] = sealed.split('.');
      if (version !== VERSION || !nonce || text === undefined || !tag) throw new Error('not a sealed secret');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString();
    },
  };
}
