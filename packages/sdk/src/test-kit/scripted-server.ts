import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to do with one call: answer it, cut its connection, or leave it hanging. */
export type Step =
  | { readonly httpStatus: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
  | 'hang';

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Settles with the first call. */
  readonly called: Promise<void>;
}

/** A real HTTP server that answers each call with the next step, and the last step for ever after. */
export async function startScriptedServer(...steps: readonly Step[]): Promise<ScriptedServer> {
  const calls: ReceivedCall[] = [];
  const { promise: called, resolve: isCalled } = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const step = steps[Math.min(calls.length, steps.length - 1)] ?? 'cut';
    calls.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    isCalled();
    perform(step, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    called,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function perform(step: Step, response: ServerResponse): void {
  if (step === 'hang') return;
  if (step === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(step.httpStatus, { 'content-type': 'application/json', ...step.headers });
  response.end(step.body);
}
