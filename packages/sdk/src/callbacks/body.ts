import { untrusted } from '../errors.ts';

/** A callback takes about 2 KB. */
const LARGEST_BODY_BYTES = 1024 * 1024;
/** A sender still writing loses the answer when its connection is closed, so a little more is read and forgotten. */
const DISCARDED_BYTES = 16 * LARGEST_BODY_BYTES;

/** The bytes of a body that nobody has read yet. @throws RocketpayError when there are too many. */
export async function readBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk);
    else if (bytes > LARGEST_BODY_BYTES + DISCARDED_BYTES) break;
  }
  if (bytes > LARGEST_BODY_BYTES) throw untrusted('too_large', 'The body is larger than any callback');
  return Buffer.concat(chunks);
}

export const bodyParsed = (advice: string): Error =>
  untrusted(
    'body_parsed',
    `The callback's body was read before its handler, and its signature covers the bytes: ${advice}`,
  );
