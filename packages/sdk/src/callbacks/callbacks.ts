import { assertObject, bodyOf } from '../arguments.ts';
import { untrusted } from '../errors.ts';
import { integerAt, objectAt, textAt, type JsonObject } from '../reading.ts';
import { readSigned } from '../signing.ts';
import { readEvent, type CallbackEvent } from './events.ts';
import { fastifyPlugin, type FastifyPlugin } from './fastify.ts';
import { makerOf, type CallbackAnswer, type HandlerMaker, type ReceivedCallback } from './handling.ts';
import { nodeListener, type NodeListener } from './node.ts';
import { honoHandler, webHandler, type HonoHandler, type WebHandler } from './web.ts';
import { proveWebhook, webhookKey, type HeadersLike, type WebhookRules } from './webhook.ts';

export interface Callbacks {
  /**
   * The event in a callback's raw body, exactly as it arrived. Nothing in it is looked at before its signature holds.
   * With `callbackSecret` the headers are asked for too, and an old or repeated delivery of a stranger is refused.
   *
   * @throws RocketpayError with `outcome: 'untrusted'` and a `reason`; answer it with 400.
   * @throws TypeError for a body that is neither text nor bytes, such as one that was parsed already.
   */
  parse(rawBody: string | Uint8Array | ArrayBuffer, headers?: HeadersLike): CallbackEvent;
  /** A listener for `createServer` of `node:http`. */
  readonly node: HandlerMaker<NodeListener>;
  /** A handler for `app.post`, above any `express.json()`. */
  readonly express: HandlerMaker<NodeListener>;
  /** A plugin for `app.register(plugin, { prefix: '/callbacks' })`. */
  readonly fastify: HandlerMaker<FastifyPlugin>;
  /** A handler for `app.post`. */
  readonly hono: HandlerMaker<HonoHandler>;
  /** A route handler: `export const POST = …`. It takes a web `Request` anywhere else, too. */
  readonly next: HandlerMaker<WebHandler>;
  /** For any other way in: give it the body and headers, send what it answers. */
  readonly receive: HandlerMaker<(received: ReceivedCallback) => Promise<CallbackAnswer>>;
}

export interface CallbackRules {
  readonly projectId: number;
  readonly secrets: readonly string[];
  /** `whsec_…`; none, and the webhook headers are not looked at. */
  readonly callbackSecrets: readonly string[];
  readonly toleranceSeconds: number;
  readonly now: () => number;
}

/**
 * The callback reader of one project.
 *
 * @throws TypeError when a callback secret or the tolerance cannot work.
 */
export function callbacksOf({ projectId, secrets, callbackSecrets, toleranceSeconds, now }: CallbackRules): Callbacks {
  if (!(toleranceSeconds > 0)) throw new TypeError('callbackToleranceSeconds must be above zero');
  const webhook: WebhookRules = { secrets: callbackSecrets.map(webhookKey), toleranceSeconds, now };
  const looksAtHeaders = webhook.secrets.length > 0;
  const parse = (rawBody: string | Uint8Array | ArrayBuffer, headers: HeadersLike = {}): CallbackEvent => {
    const body = bodyOf('rawBody', rawBody);
    if (looksAtHeaders) assertObject('headers', headers);
    const raw = readSigned(body, secrets);
    if (integerAt(raw, 'project_id') !== projectId)
      throw untrusted('other_project', 'The callback is for another project');
    const proven = looksAtHeaders ? proveWebhook(webhook, body, headers) : undefined;
    return readEvent(raw, proven ? { ...proven, projectId } : { id: idBySignature(raw), projectId });
  };
  const parseReceived = ({ body, headers }: ReceivedCallback): CallbackEvent => parse(body, headers);
  return {
    parse,
    node: makerOf(parseReceived, nodeListener),
    express: makerOf(parseReceived, nodeListener),
    fastify: makerOf(parseReceived, fastifyPlugin),
    hono: makerOf(parseReceived, honoHandler),
    next: makerOf(parseReceived, webHandler),
    receive: makerOf(parseReceived, (receive) => (received) => receive(() => received)),
  };
}

/**
 * An unproven `webhook-id` would let a replay pass for a new callback, and so would a hash of the bytes, by a blank more
 * in them; the signature is the same for the same contents.
 */
function idBySignature(raw: JsonObject): string {
  return `sig_${textAt(raw, 'signature') ?? textAt(objectAt(raw, 'general') ?? {}, 'signature') ?? ''}`;
}
