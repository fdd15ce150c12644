import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As long as Gate's answer to a sale. */
const answer = JSON.stringify({ status: 'success', request_id: 'a'.repeat(90), project_id: 1234, payment_id: 'echo' });

/** The least a server of Node can do: read a body, answer. */
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
  });
});

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.send?.({ kind: 'listening', url: `http://127.0.0.1:${port}` });
