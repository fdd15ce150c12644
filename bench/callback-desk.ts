import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Secret, verifyMessage } from '../packages/contract/src/signature.ts';

const verifyEvery = 50;
const waitLimitMs = 30_000;
const checkEveryMs = 1_000;

type Callback = {
  project_id: number;
  signature: string;
  operation?: { code: string; message: string };
  payment: { id: string; status: string; sum: { amount: number } };
};
type Wait = { status: string; until: number; resolve(atMs: number): void; reject(error: Error): void };

export type CallbackDesk = {
  readonly server: Server;
  /** The moment (`performance.now`) at which this payment's callback with this status came. */
  expect(paymentId: string, status: string): Promise<number>;
  counts(): { callbacks: number; signaturesVerified: number };
};

/**
 * Hears callbacks, answers each 200 with nothing at once, and hands it to whoever expects it. Every 50th signature is
 * verified. Whatever nobody expects, but the notice that a payment is being processed, is a fault.
 */
export function createCallbackDesk(options: {
  secret: Secret;
  amountMinor: () => number;
  onFault: (fault: string) => void;
}): CallbackDesk {
  const waits = new Map<string, Wait>();
  let callbacks = 0;
  let signaturesVerified = 0;

  function take(text: string): void {
    const atMs = performance.now();
    callbacks += 1;
    const callback = JSON.parse(text) as Callback;
    const { id, status, sum } = callback.payment;
    if (callbacks % verifyEvery === 0) {
      if (verifyMessage(callback, callback.signature, options.secret)) signaturesVerified += 1;
      else options.onFault('a callback with a wrong signature');
    }
    if (sum.amount !== options.amountMinor()) options.onFault(`a callback with the amount ${sum.amount}`);
    const wait = waits.get(id);
    if (wait?.status === status) {
      waits.delete(id);
      wait.resolve(atMs);
    } else if (wait && status === 'decline') {
      waits.delete(id);
      wait.reject(new Error(`a purchase was declined: ${callback.operation?.code} ${callback.operation?.message}`));
    } else if (status !== 'processing') options.onFault(`a callback nobody expected, "${status}"`);
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void readText(request).then((text) => {
      response.writeHead(200, { 'content-length': 0 }).end();
      try {
        take(text);
      } catch {
        options.onFault(`a callback that cannot be read: ${text.slice(0, 200)}`);
      }
    });
  });

  setInterval(() => {
    const now = performance.now();
    for (const [id, wait] of waits) {
      if (wait.until > now) continue;
      waits.delete(id);
      wait.reject(new Error(`no callback "${wait.status}" within ${waitLimitMs / 1000} s`));
    }
  }, checkEveryMs).unref();

  return {
    server,
    expect(paymentId, status) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      waits.set(paymentId, { status, until: performance.now() + waitLimitMs, resolve, reject });
      // The request before it may fail first, and then nobody waits here any more.
      promise.catch(() => {});
      return promise;
    },
    counts: () => ({ callbacks, signaturesVerified }),
  };
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => resolve(text));
  });
}
