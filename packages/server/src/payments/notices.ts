import type { FastifyInstance } from 'fastify';
import { readBody } from '../http/gate.ts';
import { createRefusalLog } from '../http/refusal-log.ts';
import type { Log } from '../log.ts';
import type { NoticeStyle, Provider } from '../providers/port.ts';
import type { NoticeAddresses, NoticePath } from './notice-address.ts';
import type { Payments } from './payments.ts';

export interface NoticeRoutesParts {
  readonly payments: Payments;
  readonly provider: Provider;
  readonly noticeAddresses: NoticeAddresses;
  readonly log: Log;
}

/** The operator link's own. */
const usualStyle: NoticeStyle = { method: 'POST', bearer: true, taken: { status: 204, text: '' } };

/**
 * The sink of a provider's notices. 204 once what the notice says has been taken in; an address that is not ours, and an
 * operation that does not exist, look alike.
 */
export function noticeRoutes(
  app: FastifyInstance,
  { payments, provider, noticeAddresses, log }: NoticeRoutesParts,
): void {
  const logRefusal = createRefusalLog(log, () => performance.now());
  const { method, bearer, taken: answer } = provider.noticeStyle ?? usualStyle;
  app.route<{ Params: NoticePath; Querystring: Record<string, unknown> }>({
    method,
    url: `/notices/${provider.name}/:projectId/:key/:operationNo/:token`,
    async handler(request, reply) {
      const sent = bearer ? 'sent' : 'unsent';
      const place = noticeAddresses.read(request.params, request.headers.authorization, sent);
      if (!place) {
        logRefusal({ claimedProjectId: Number(request.params.projectId), requestId: request.id }, 'notice refused');
        return reply.status(401).send({ status: 401, code: 'UNAUTHENTICATED', message: 'Unknown notice address' });
      }
      const notice = provider.readNotice(method === 'GET' ? null : readBody(request), request.query);
      if (!notice) return reply.status(400).send({ status: 400, code: 'INVALID_ARGUMENT', message: 'Not a notice' });
      const { operationNo, ...key } = place;
      const taken = await payments.takeNotice(key, operationNo, notice);
      if (taken.kind === 'missing') {
        log.warn({ projectId: key.projectId, operationNo }, 'a notice names a payment that does not exist');
        return reply.status(410).send({ status: 410, code: 'GONE', message: 'Nothing waits for this notice' });
      }
      return reply.status(answer.status).send(answer.text === '' ? undefined : answer.text);
    },
  });
}
