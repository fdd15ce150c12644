import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import type { Callbacks } from '../callbacks/callbacks.ts';
import type { HandlerMaker } from '../callbacks/handling.ts';

export interface Shop extends AsyncDisposable {
  readonly url: string;
}

/** Takes the arguments of a maker and makes the same handler for whichever framework. */
export type MakeHandler = <Made>(maker: HandlerMaker<Made>) => Made;

type Start = (callbacks: Callbacks, make: MakeHandler) => Promise<Shop>;

/** A real server of each framework with the callback handler under `/callbacks`, as its guide says. */
export const frameworks = {
  node: (callbacks, make) => listening(make(callbacks.node)),
  express: (callbacks, make) => {
    const app = express();
    app.post('/callbacks', make(callbacks.express));
    app.use(express.json());
    return listening(app);
  },
  'express.raw': (callbacks, make) => {
    const app = express();
    app.post('/callbacks', express.raw({ type: '*/*', limit: '1mb' }), make(callbacks.express));
    return listening(app);
  },
  fastify: async (callbacks, make) => {
    const app = Fastify();
    await app.register(make(callbacks.fastify), { prefix: '/callbacks' });
    app.post('/json', (request) => request.body);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url: `${url}/callbacks`, [Symbol.asyncDispose]: () => app.close() };
  },
  hono: (callbacks, make) => {
    const app = new Hono();
    app.post('/callbacks', make(callbacks.hono));
    return honoListening(app);
  },
  // Next hands a route handler a web request and sends the response it gets; the server between is Hono's.
  next: (callbacks, make) => {
    const POST = make(callbacks.next);
    const app = new Hono();
    app.post('/callbacks', ({ req }) => POST(new Request(req.raw)));
    return honoListening(app);
  },
} satisfies Readonly<Record<string, Start>>;

/** The mistake of each framework: something reads the body as JSON before the handler. */
export const mistakes: Readonly<Record<string, Start>> = {
  'express.json() above the route': (callbacks, make) => {
    const app = express();
    app.use(express.json());
    app.post('/callbacks', make(callbacks.express));
    return listening(app);
  },
  'a listener that reads the body first': (callbacks, make) => {
    const handle = make(callbacks.node);
    return listening(async (request, response) => {
      for await (const chunk of request) void chunk;
      await handle(request, response);
    });
  },
  'a hook of Fastify that parses': async (callbacks, make) => {
    const app = Fastify();
    app.addHook('preValidation', async (request) => {
      request.body = JSON.parse(String(request.body));
    });
    await app.register(make(callbacks.fastify), { prefix: '/callbacks' });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url: `${url}/callbacks`, [Symbol.asyncDispose]: () => app.close() };
  },
  'a middleware of Hono that reads JSON': (callbacks, make) => {
    const app = new Hono();
    app.use(async ({ req }, next) => {
      await req.json();
      await next();
    });
    app.post('/callbacks', make(callbacks.hono));
    return honoListening(app);
  },
  'a route of Next that reads JSON': (callbacks, make) => {
    const POST = make(callbacks.next);
    const app = new Hono();
    app.post('/callbacks', async ({ req }) => {
      const request = new Request(req.raw);
      await request.json();
      return POST(request);
    });
    return honoListening(app);
  },
};

async function listening(listener: RequestListener): Promise<Shop> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return shopOf(server);
}

async function honoListening(app: Hono): Promise<Shop> {
  const server = await new Promise<Server>((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made as Server));
  });
  return shopOf(server);
}

function shopOf(server: Server): Shop {
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
