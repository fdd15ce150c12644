import type { FastifyInstance } from 'fastify';
import type { Payments } from '../payments.ts';
import type { World } from '../world.ts';
import { phoneNumberOf, prepareOrder } from './body.ts';
import { operatorOf } from '../subscribers.ts';
import { failsLookUp, markDeaf, serve } from './faults.ts';
import { membersOf, optionalText, requiredText } from './json.ts';
import { listQuery, pageQuery } from './query.ts';
import { paymentView, validationInfo } from './view.ts';
import type { PaymentRow } from '../rows.ts';

const ROOT = '/carrier-billing/v0.5/payments';
type OfPayment = { Params: { paymentId: string } };

export function paymentRoutes(app: FastifyInstance, world: World, payments: Payments): void {
  const view = (payment: PaymentRow): object => paymentView(payment, world.profiles.of(payment.operator));

  app.post(`${ROOT}/prepare`, (request, reply) => {
    const order = prepareOrder(request.body);
    const phone = order.phoneNumber.slice(1);
    markDeaf(world, phone, order.correlator);
    const key = order.correlator ?? phone;
    serve(world, reply, { call: 'prepare', phone, operator: operatorOf(phone), key }, () => {
      const payment = payments.prepare(order);
      reply.code(201);
      return view(payment);
    });
  });

  app.get(ROOT, (request, reply) => {
    const query = listQuery(request.query, ['clientCorrelator', 'page', 'perPage', 'order']);
    const correlator = query['clientCorrelator'];
    if (correlator !== undefined) {
      if (failsLookUp(world, reply, correlator)) return;
      const payment = payments.byCorrelator(correlator);
      if (payment === undefined) reply.send([]);
      else serve(world, reply, lookUpOf(payment), () => [view(payment)]);
      return;
    }
    const { order, limit, offset } = pageQuery(query);
    reply.header('x-total-count', payments.count());
    reply.send(payments.list(order, limit, offset).map(view));
  });

  app.get<OfPayment>(`${ROOT}/:paymentId`, (request, reply) => {
    const payment = payments.get(request.params.paymentId);
    serve(world, reply, lookUpOf(payment), () => view(payment));
  });

  app.post<OfPayment>(`${ROOT}/:paymentId/validate`, (request, reply) => {
    const body = membersOf(request.body, 'body');
    const authorizationId = requiredText(body, 'authorizationId');
    const code = requiredText(body, 'code');
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'validate', phone, operator, key: id }, () => {
      payments.validate(id, authorizationId, code);
      reply.code(204);
    });
  });

  app.post<OfPayment>(`${ROOT}/:paymentId/resend-code`, (request, reply) => {
    membersOf(request.body, 'body');
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'resend', phone, operator, key: id }, () =>
      validationInfo(payments.resend(id), world.profiles.of(operator)),
    );
  });

  app.post<OfPayment>(`${ROOT}/:paymentId/confirm`, (request, reply) => {
    const body = membersOf(request.body, 'body');
    optionalText(body, 'clientCorrelator');
    const phoneNumber = phoneNumberOf(body);
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'confirm', phone, operator, key: id }, () => {
      payments.confirm(id, phoneNumber);
      reply.code(202);
    });
  });

  app.post<OfPayment>(`${ROOT}/:paymentId/cancel`, (request, reply) => {
    const phoneNumber = phoneNumberOf(membersOf(request.body, 'body'));
    const { id, phone, operator } = payments.get(request.params.paymentId);
    serve(world, reply, { call: 'cancel', phone, operator, key: id }, () => {
      payments.cancel(id, phoneNumber);
      reply.code(202);
    });
  });
}

function lookUpOf({ phone, operator, id }: PaymentRow) {
  return { call: 'look_up', phone, operator, key: id } as const;
}
