import { renderClarification, renderOperation, renderPayment } from './envelope.ts';
import type { AccountView, ClarificationView, OperationView, PaymentView } from './envelope.ts';

/** One callback tells of the payment and of the one operation that brought it about. */
export type CallbackView = {
  readonly projectId: number;
  readonly payment: PaymentView;
  readonly customerId: string;
  readonly operation: OperationView;
  readonly account: AccountView;
  readonly clarification?: ClarificationView | undefined;
  /** Of the refund that this callback tells of, where the merchant gave it one. */
  readonly merchantRefundId?: string | undefined;
};

/** The body without its signature, members in the family's order. No member is ever null. */
export const renderCallback = (view: CallbackView) => ({
  project_id: view.projectId,
  payment: {
    ...renderPayment(view.payment),
    ...(view.merchantRefundId !== undefined && { merchant_refund_id: view.merchantRefundId }),
  },
  customer: { id: view.customerId },
  operation: renderOperation(view.operation),
  account: { number: view.account.number, type: view.account.type },
  ...(view.clarification && renderClarification(view.clarification)),
});
