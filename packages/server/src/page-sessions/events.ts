import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Payments } from '../payments/payments.ts';
import type { PageContext } from './routes.ts';
import { openedBy } from './standing.ts';
import { pageModel } from './view.ts';

export interface EventParts {
  readonly payments: Pick<Payments, 'watch'>;
  readonly clock: Clock;
}

/** Streams that one process keeps open; beyond them pages ask instead of being told. */
const MAX_STREAMS = 2_000;
/** Of one session: a payer's few tabs and devices, not a stranger's thousands. */
const MAX_STREAMS_OF_SESSION = 6;
/** A change that another process has made, or that time has, is seen within this; it also keeps proxies from hanging up. */
const BEAT_MS = 5_000;
/** A stream is ended then, and the browser opens another one: nobody holds one for ever. */
const LIFE_MS = 15 * 60_000;

/** Server-sent events: the screen's fragment, whenever another one is to be seen. */
export function eventRoute(
  app: FastifyInstance,
  { pages, payments, renderer, clock, visitorOf, calmly, answers, log }: PageContext,
): void {
  const streams = new Map<string, number>();
  const ends = new Set<() => void>();
  let open = 0;
  let isClosing = false;

  // Open streams would keep the server from closing.
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const end of ends) end();
  });

  function take(session: string): (() => void) | null {
    const ofSession = streams.get(session) ?? 0;
    if (open >= MAX_STREAMS || ofSession >= MAX_STREAMS_OF_SESSION) return null;
    open++;
    streams.set(session, ofSession + 1);
    return () => {
      open--;
      const left = (streams.get(session) ?? 1) - 1;
      if (left === 0) streams.delete(session);
      else streams.set(session, left);
    };
  }

  app.get(
    '/payment/:letter(^[spie]$)/:token/events',
    calmly(async (request: FastifyRequest, reply) => {
      const { letter, token } = request.params as { letter: string; token: string };
      const visitor = visitorOf(request, openedBy(letter) ?? 'tab');
      const found = await pages.find(token, visitor);
      if (found?.kind !== 'opened') return answers.error(request, reply, { status: 404 });
      const { session } = found.standing;
      const giveBack = take(session.tokenHash);
      // No content tells a browser not to come again; the page goes on asking.
      if (!giveBack) return reply.status(204).send();

      reply.hijack();
      const { raw } = reply;
      // Kept for a next request, the connection would hold up a stop that finds the stream at its end.
      raw.shouldKeepAlive = false;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'x-request-id': request.id,
      });
      raw.write('retry: 2000\n\n');
      const ended = new AbortController();
      const end = (): void => ended.abort();
      ends.add(end);
      raw.on('close', end);
      raw.on('error', end);
      // Who left, or what closed, while the session was being found tells nobody a second time.
      if (raw.closed || isClosing) end();
      let changed = new AbortController();
      const stopWatching = payments.watch(session.key, () => changed.abort());
      const { version } = request.query as { version?: unknown };
      try {
        await tell(typeof version === 'string' ? version : '');
      } catch (error) {
        log.error({ err: error, requestId: request.id }, 'a stream of events failed');
      } finally {
        stopWatching();
        ends.delete(end);
        giveBack();
        raw.end();
      }
      return reply;

      async function tell(seen: string): Promise<void> {
        const until = clock.monotonicMs() + LIFE_MS;
        let shown = seen;
        let told = Number.NEGATIVE_INFINITY;
        while (!ended.signal.aborted && clock.monotonicMs() < until) {
          changed = new AbortController();
          const now = await pages.find(token, visitor);
          if (now?.kind !== 'opened') return;
          const model = pageModel(now.standing);
          const fragment =
            model.version === shown ? null : `event: screen\ndata: ${JSON.stringify(renderer.screen(model))}\n\n`;
          // What changes a payment without changing the screen costs the payer's phone nothing.
          if (fragment !== null || clock.monotonicMs() - told >= BEAT_MS) {
            raw.write(fragment ?? ': still here\n\n');
            told = clock.monotonicMs();
          }
          shown = model.version;
          await clock.sleep(told + BEAT_MS - clock.monotonicMs(), AbortSignal.any([changed.signal, ended.signal]));
        }
      }
    }),
  );
}
