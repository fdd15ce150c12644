import { parseRequestStatus, signedRequestStatus } from '@rocketpay/contract/request-status.ts';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { gateRoute, type Door } from '../http/gate.ts';
import type { Provider } from '../providers/port.ts';
import type { Payments } from './payments.ts';
import { requestStatusView } from './view.ts';

export interface RequestStatusParts {
  readonly payments: Payments;
  readonly door: Door;
  readonly provider: Pick<Provider, 'id'>;
}

/**
 * What became of a sale or refund, by the request id of its answer. A request that was refused has none: its answer said
 * why, and nothing is stored; it, an unknown id and another project's look alike.
 */
export function requestStatusRoutes(app: FastifyInstance, { payments, door, provider }: RequestStatusParts): void {
  gateRoute(
    app,
    door,
    '/v2/payment/status/request',
    parseRequestStatus,
    async ({ value, project, secret }) => {
      const payment = await payments.findByRequest(project.projectId, value.requestId);
      const view = payment && requestStatusView(payment, value.requestId, provider.id);
      if (!view) throw ApiError.unreadable(404, '3061');
      return signedRequestStatus(view, secret);
    },
    'root',
  );
}
