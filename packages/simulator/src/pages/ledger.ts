import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { stamp } from '../clock.ts';
import type { LedgerRow } from '../rows.ts';
import type { Store } from '../store.ts';

const PAGE = 1000;

function line({ kind, reference, correlator, amount_minor, currency, at }: LedgerRow): string {
  const amount = amount_minor;
  return `${JSON.stringify({ kind, reference, correlator, amount, currency, at: stamp(at) })}\n`;
}

/** The whole ledger, page by page: it may be longer than memory likes. */
function* lines(store: Store, reference: string | undefined): Generator<string> {
  let seq = 0;
  for (;;) {
    const rows = store.ledger(seq, PAGE, reference);
    if (rows.length > 0) yield rows.map(line).join('');
    if (rows.length < PAGE) return;
    seq = rows.at(-1)?.seq ?? seq;
  }
}

export function ledgerRoutes(app: FastifyInstance, store: Store): void {
  app.get<{ Querystring: { reference?: string } }>('/ledger', (request, reply) => {
    // A browser saves what it cannot show.
    const isBrowser = request.headers.accept?.includes('text/html') ?? false;
    reply
      .header('content-type', `${isBrowser ? 'text/plain' : 'application/x-ndjson'}; charset=utf-8`)
      .header('vary', 'accept')
      .header('cache-control', 'no-store')
      .send(Readable.from(lines(store, request.query.reference), { objectMode: false }));
  });
}
