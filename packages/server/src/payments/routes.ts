import { createHash, randomUUID } from 'node:crypto';
import { renderAccepted } from '@rocketpay/contract/answers.ts';
import { parseClarification } from '@rocketpay/contract/clarification.ts';
import type { JsonObject } from '@rocketpay/contract/json.ts';
import { formatMomentFrom } from '@rocketpay/contract/moment.ts';
import { parseResend } from '@rocketpay/contract/resend.ts';
import { parseSale, type SaleRequest } from '@rocketpay/contract/sale.ts';
import { signedText, stringToSign } from '@rocketpay/contract/signature.ts';
import { parseStatus, renderStatus, renderUnknownPayment } from '@rocketpay/contract/status.ts';
import { isOperatorId } from '@rocketpay/core/operators/operator.ts';
import { paymentKey, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Refusal } from '@rocketpay/core/payment/decision.ts';
import type { NewSale } from '@rocketpay/core/payment/new-sale.ts';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import { ApiError } from '../http/api-error.ts';
import { gateRoute, type Door } from '../http/gate.ts';
import type { Operators } from '../operators/operators.ts';
import type { Project } from '../projects/projects.ts';
import type { Provider } from '../providers/port.ts';
import type { Changed, Payments } from './payments.ts';
import { statusView } from './view.ts';

export interface PaymentRoutesParts {
  readonly payments: Payments;
  readonly door: Door;
  readonly operators: Operators;
  readonly provider: Provider;
  readonly clock: Clock;
}

/** The key of a merchant's payment id within its project. */
export function keyFor(project: Project, paymentId: string): PaymentKey {
  return { projectId: project.projectId, paymentKey: paymentKey(paymentId) };
}

/** SHA-256 of a request's canonical string, hex: equal for requests that say the same, whatever their members' order. */
export function digestOf(body: JsonObject): string {
  return createHash('sha256').update(stringToSign(body)).digest('hex');
}

/** A missing payment and somebody else's look alike. */
export function unknownPayment(): ApiError {
  return ApiError.refusal('3061', 'general.payment_id', 'exists');
}

function says(refusal: Refusal): string {
  switch (refusal.why) {
    case 'code_not_awaited':
      return 'No code is awaited for this payment now';
    case 'resend_in_flight':
      return 'A new code is on its way to the customer; try again in a few seconds';
    case 'resend_not_possible':
      return 'No code is awaited for this payment, so none can be sent again';
    case 'no_resends_left':
      return 'No more codes can be sent for this payment: all resends are used';
    case 'resend_too_early':
      return `A new code may be requested from ${formatMomentFrom(refusal.allowedAt)} on`;
    default:
      return 'The payment is in a state that does not allow this';
  }
}

/** The request id to answer with, or the refusal as an error. */
function accepted(result: Changed, requestId: string): string {
  if (result.kind === 'missing') throw unknownPayment();
  if (result.kind === 'refused')
    throw ApiError.refusal('3060', 'general.payment_id', result.refusal.why, says(result.refusal));
  return result.kind === 'repeated' ? result.requestId : requestId;
}

async function newSale(
  request: SaleRequest,
  body: JsonObject,
  project: Project,
  operators: Operators,
): Promise<NewSale> {
  const chosen = request.serviceProvider;
  const candidates = await operators.guess(
    request.accountNumber,
    chosen !== undefined && isOperatorId(chosen) ? chosen : undefined,
  );
  return {
    key: keyFor(project, request.paymentId),
    paymentId: request.paymentId,
    requestDigest: digestOf(body),
    sum: { amountMinor: request.amountMinor, currency: request.currency },
    description: request.description ?? null,
    merchantData: null,
    customerId: request.customer.id,
    accountNumber: request.accountNumber,
    bestBeforeAt: request.bestBeforeAt ?? null,
    callbacks: {
      url: request.merchantCallbackUrl ?? null,
      successUrl: request.merchantSuccessCallbackUrl ?? null,
      declineUrl: request.merchantDeclineCallbackUrl ?? null,
      delayMs: request.callbackDelaySeconds * 1_000,
      disabled: request.callbacksDisabled,
    },
    retries: null,
    candidates,
    breakerOpen: operators.breakerOpen(candidates),
  };
}

/** Gate's endpoints of a purchase: the sale, the code, the resend and the status. */
export function paymentRoutes(
  app: FastifyInstance,
  { payments, door, operators, provider, clock }: PaymentRoutesParts,
): void {
  gateRoute(app, door, '/v2/payment/mobile/sale', parseSale, async ({ value, body, project }) => {
    if (!project.currencies.includes(value.currency)) throw ApiError.refusal('3023', 'payment.currency', 'enabled');
    const sale = await newSale(value, body, project, operators);
    const { customer, serviceProvider, extraParam, interfaceTypeId, returnUrl } = value;
    const details = { customer: customer.raw, serviceProvider, extraParam, interfaceTypeId, returnUrl };
    const created = await payments.create(project, sale, details);
    if (created.kind === 'id_taken') throw ApiError.refusal('3041', 'general.payment_id', 'unique');
    return renderAccepted({ requestId: created.requestId, projectId: project.projectId, paymentId: value.paymentId });
  });

  gateRoute(app, door, '/v2/payment/clarification', parseClarification, async ({ value, project }) => {
    const requestId = randomUUID();
    const result = await payments.submitCode(keyFor(project, value.paymentId), value.approvalCode, requestId);
    return renderAccepted({
      requestId: accepted(result, requestId),
      projectId: project.projectId,
      paymentId: value.paymentId,
    });
  });

  gateRoute(app, door, '/v2/customer/action/resend', parseResend, async ({ value, project }) => {
    const requestId = randomUUID();
    const result = await payments.requestResend(keyFor(project, value.paymentId));
    return renderAccepted({
      requestId: accepted(result, requestId),
      projectId: project.projectId,
      paymentId: value.paymentId,
    });
  });

  gateRoute(app, door, '/v2/payment/status', parseStatus, async ({ value, project, secret }) => {
    const payment = await payments.find(keyFor(project, value.paymentId));
    const body = payment
      ? renderStatus(
          statusView(payment, { providerId: provider.id, now: clock.now(), form: project.clarificationForm }),
        )
      : renderUnknownPayment(project.projectId);
    return signedText(body, secret);
  });
}
