import type { FastifyInstance } from 'fastify';
import type { Payments } from '../payments.ts';
import type { Refunds } from '../refunds.ts';
import type { World } from '../world.ts';
import { CamaraError, invalidArgument } from './error.ts';
import { parseJson } from './json.ts';
import { paymentRoutes } from './payment-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import { Tokens } from './tokens.ts';

const X_CORRELATOR = /^[a-zA-Z0-9\-_:;./<>{}]{0,256}$/;

/** The CAMARA half of the simulator: token, charging, refunds. */
export function operatorApi(app: FastifyInstance, world: World, payments: Payments, refunds: Refunds): void {
  const { settings, clock, store } = world;
  const tokens = new Tokens(store.secret('tokens'), settings, clock);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseJson(text as string));
    } catch (error) {
      done(error as CamaraError);
    }
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
    done(null, new URLSearchParams(text as string)),
  );

  app.addHook('onRequest', (request, reply, done) => {
    const correlator = request.headers['x-correlator'];
    if (correlator !== undefined) {
      if (typeof correlator !== 'string' || !X_CORRELATOR.test(correlator)) {
        done(invalidArgument('x-correlator is not as documented.'));
        return;
      }
      reply.header('x-correlator', correlator);
    }
    const open = request.routeOptions.url === '/oauth2/token';
    const known = open || tokens.accepts(request.headers.authorization);
    done(known ? undefined : unauthenticated());
  });
  if (settings.latencyMs > 0) {
    app.addHook('onSend', (_request, _reply, payload, done) => {
      clock.after(settings.latencyMs, () => done(null, payload));
    });
  }

  app.post('/oauth2/token', (request, reply) => {
    reply.header('cache-control', 'no-store');
    const grant = request.body instanceof URLSearchParams && request.body.get('grant_type');
    if (grant !== 'client_credentials') {
      reply.code(400).send({ error: grant ? 'unsupported_grant_type' : 'invalid_request' });
      return;
    }
    const token = tokens.issue(request.headers.authorization);
    if (token !== undefined) reply.send(token);
    else reply.code(401).header('www-authenticate', 'Basic').send({ error: 'invalid_client' });
  });
  paymentRoutes(app, world, payments);
  refundRoutes(app, world, payments, refunds);
}

function unauthenticated(): CamaraError {
  const message = 'Request not authenticated due to missing, invalid, or expired credentials.';
  return new CamaraError(401, 'UNAUTHENTICATED', message);
}
