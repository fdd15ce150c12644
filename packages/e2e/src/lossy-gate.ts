import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyGate extends AsyncDisposable {
  readonly url: string;
  /** Of each request that came, in order, its path and strict signature. */
  readonly requests: readonly { readonly path: string; readonly signature: string }[];
}

/** Stands before the platform, hands every request on, and loses the answer to each that comes for the first time. */
export async function openLossyGate(platform: string): Promise<LossyGate> {
  const requests: { path: string; signature: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? '';
    const signature = String(request.headers['x-rocketpay-signature']);
    const answer = await fetch(`${platform}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-rocketpay-signature': signature },
      body: Buffer.concat(chunks),
    });
    const text = await answer.text();
    const isFirst = !requests.some((one) => one.path === path && one.signature === signature);
    requests.push({ path, signature });
    if (isFirst) response.destroy();
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
