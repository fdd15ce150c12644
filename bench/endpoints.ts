import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';

/** How an endpoint of merchants is dead: nobody listens; takes all and says nothing; begins an answer that never ends; sends on. */
export const deadKinds = ['refusing', 'silent', 'dripping', 'redirecting'] as const;
export type EndpointKind = 'healthy' | (typeof deadKinds)[number];

export type Endpoint = { readonly kind: EndpointKind; readonly url: string; connections(): number };

const dripEveryMs = 500;

/** Opens an endpoint on a free port. `take` gets what a healthy one has answered with 200. */
export async function openEndpoint(
  kind: EndpointKind,
  take: (text: string, headers: IncomingMessage['headers']) => void,
): Promise<Endpoint> {
  let connections = 0;
  const server = kind === 'dripping' ? createDripping() : createHttp(kind, take);
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  if (kind === 'refusing') server.close();
  return { kind, url: `http://127.0.0.1:${port}/callbacks`, connections: () => connections };
}

function createHttp(kind: EndpointKind, take: Parameters<typeof openEndpoint>[1]): Server {
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (kind === 'silent') return;
      if (kind === 'redirecting') return void response.writeHead(302, { location: '/elsewhere' }).end();
      response.writeHead(200, { 'content-length': 0 }).end();
      take(text, request.headers);
    });
  });
}

/** A header of the answer every half a second, and never the last. */
function createDripping(): Server {
  return createTcpServer((socket) => {
    socket.resume().on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x-wait: a little\r\n'), dripEveryMs);
    socket.on('close', () => clearInterval(drip));
  });
}
