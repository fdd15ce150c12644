import type { FastifyInstance } from 'fastify';
import { CURRENCY, majorFromMinor } from '../money.ts';
import type { Payments } from '../payments.ts';
import type { Refunds } from '../refunds.ts';
import type { World } from '../world.ts';
import { refundOrder } from './body.ts';
import { serve } from './faults.ts';
import { listQuery, pageQuery } from './query.ts';
import { refundView } from './view.ts';

const ROOT = '/carrier-billing-refund/v0.3/payments/:paymentId/refunds';
type OfPayment = { Params: { paymentId: string } };
type OfRefund = { Params: { paymentId: string; refundId: string } };

export function refundRoutes(app: FastifyInstance, world: World, payments: Payments, refunds: Refunds): void {
  app.post<OfPayment>(ROOT, (request, reply) => {
    const order = refundOrder(request.body);
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'refund', phone, operator, key: order.correlator ?? id }, () => {
      const refund = refunds.create(id, order);
      reply.code(201);
      return refundView(refund);
    });
  });

  /** Without a page asked for, all: who looks for one correlator must not miss it on page two. */
  app.get<OfPayment>(ROOT, (request, reply) => {
    const query = listQuery(request.query, ['page', 'perPage', 'order']);
    const { id, phone, operator } = payments.get(request.params.paymentId);
    const { order, limit, offset } = pageQuery(query);
    serve(world, reply, { call: 'look_up', phone, operator, key: id }, () => {
      const all = refunds.list(id).map(refundView);
      if (order === 'desc') all.reverse();
      reply.header('x-total-count', all.length);
      const paged = 'page' in query || 'perPage' in query;
      return paged ? all.slice(offset, offset + limit) : all;
    });
  });

  app.get<OfPayment>(`${ROOT}/remaining-amount`, (request, reply) => {
    const payment = payments.get(request.params.paymentId);
    const { phone, operator, id } = payment;
    serve(world, reply, { call: 'look_up', phone, operator, key: id }, () => ({
      amount: majorFromMinor(refunds.remainingMinor(payment)),
      currency: CURRENCY,
    }));
  });

  app.get<OfRefund>(`${ROOT}/:refundId`, (request, reply) => {
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'look_up', phone, operator, key: id }, () =>
      refundView(refunds.get(id, request.params.refundId)),
    );
  });
}
