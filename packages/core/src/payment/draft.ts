import type { CallOrder, Changed, EventName, Incident, LoggedEvent, Tell } from './decision.ts';
import type { Payment, RefundOperation, SaleOperation } from './payment.ts';

/** A change in the making: collects what a decision does to a payment and hands it over as one value. */
export class Draft {
  payment: Payment;
  readonly now: number;
  readonly #log: LoggedEvent[] = [];
  readonly #tells: Tell[] = [];
  readonly #orders: CallOrder[] = [];
  readonly #incidents: Incident[] = [];

  constructor(payment: Payment, now: number) {
    this.payment = payment;
    this.now = now;
  }

  update(fields: Partial<Payment>): void {
    this.payment = { ...this.payment, ...fields };
  }

  putSale(sale: SaleOperation): void {
    const known = this.payment.sales.some((other) => other.operationNo === sale.operationNo);
    const sales = known
      ? this.payment.sales.map((other) => (other.operationNo === sale.operationNo ? sale : other))
      : [...this.payment.sales, sale];
    this.update({ sales, operationCount: Math.max(this.payment.operationCount, sale.operationNo) });
  }

  putRefund(refund: RefundOperation): void {
    const known = this.payment.refunds.some((other) => other.operationNo === refund.operationNo);
    const refunds = known
      ? this.payment.refunds.map((other) => (other.operationNo === refund.operationNo ? refund : other))
      : [...this.payment.refunds, refund];
    this.update({ refunds, operationCount: Math.max(this.payment.operationCount, refund.operationNo) });
  }

  log(name: EventName, operationNo: number, detail: LoggedEvent['detail']): void {
    const eventNo = this.payment.eventCount + 1;
    this.update({ eventCount: eventNo });
    this.#log.push({ eventNo, operationNo, at: this.now, name, detail });
  }

  tell(tell: Tell): void {
    this.#tells.push(tell);
  }

  order(order: CallOrder): void {
    this.#orders.push(order);
  }

  incident(kind: Incident['kind'], operationNo: number, detail: string): void {
    this.#incidents.push({ kind, operationNo, at: this.now, detail });
  }

  done(): Changed {
    return {
      kind: 'changed',
      payment: this.payment,
      log: this.#log,
      tells: this.#tells,
      orders: this.#orders,
      incidents: this.#incidents,
    };
  }
}
