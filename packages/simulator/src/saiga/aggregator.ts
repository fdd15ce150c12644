import { randomInt, randomUUID } from 'node:crypto';

/** What a form or a query carries; every value a text. */
export type Form = Readonly<Record<string, string>>;

interface Sale {
  readonly payId: string;
  readonly extId: string;
  readonly phone: string;
  readonly net: string;
  readonly amount: number;
  readonly order: string;
  readonly notify: string;
  state: 'WAIT_CODE' | 'HELD' | 'DONE' | 'FAIL' | 'VOID';
  code: string;
  codeUntil: number;
  resends: number;
  wrong: number;
  returned: number;
}

interface Return {
  readonly returnId: string;
  readonly extId: string;
  readonly notify: string;
  readonly amount: number;
}

export interface Text {
  readonly phone: string;
  readonly text: string;
  readonly code: string;
  readonly sentAt: number;
}

export interface Entry {
  readonly kind: 'charge' | 'refund';
  readonly reference: string;
  readonly correlator: string;
  readonly amount: number;
  readonly at: number;
}

/** What is done with an answer: `lost` keeps it from ever being sent, `error` sends 500 in its place. */
export interface Answer {
  readonly fields: Form;
  readonly instead?: 'lost' | 'error';
}

const CODE_LIFE_MS = 80_000;
const MOST_WRONG = 3;
const MOST_RESENDS = 3;

/** Saiga's test numbers: their last four digits say what happens. */
export const SAIGA_SENTINELS = {
  '0001': 'no money: refused at once, result 40',
  '0002': 'the charge is made and its answer lost',
  '0003': 'the first call is answered 500, and nothing is made',
  '0004': 'unknown number, result 43',
  '0005': 'no callback is ever sent',
} as const;

const no = (result: number, more: Form = {}): Answer => ({ fields: { result: String(result), ...more } });
const yes = (fields: Form = {}): Answer => no(0, fields);
const seconds = (ms: number): string => String(Math.floor(ms / 1_000));

/** An aggregator that does not exist, with its payments in memory. `notify` sends a callback by GET. */
export class Aggregator {
  readonly texts: Text[] = [];
  readonly ledger: Entry[] = [];
  readonly #sales: Sale[] = [];
  readonly #returns: Return[] = [];
  readonly #notify: (url: string, fields: Form) => void;

  constructor(notify: (url: string, fields: Form) => void) {
    this.#notify = notify;
  }

  /** Does one action; the signature has been checked. */
  do(action: string, form: Form): Answer | undefined {
    switch (action) {
      case 'start':
        return this.#start(form);
      case 'status':
        return this.#status(form);
      case 'return-status':
        return this.#returnStatus(form);
    }
    const sale = this.#sales.find(({ payId }) => payId === form['pay_id']);
    if (!sale) return no(21);
    switch (action) {
      case 'code':
        return this.#code(sale, form);
      case 'again':
        return this.#again(sale);
      case 'take':
        return this.#take(sale);
      case 'void':
        return this.#void(sale);
      case 'return':
        return this.#return(sale, form);
      default:
        return undefined;
    }
  }

  #start(form: Form): Answer {
    const { ext_id: extId = '', phone = '', net = '', order = '', notify = '' } = form;
    const amount = Number(form['amount']);
    if (this.#sales.some((sale) => sale.extId === extId)) return no(20);
    if (!/^7\d{9}$/.test(phone) || phone.endsWith('0004')) return no(43);
    if (phone.endsWith('0001')) return no(40);
    if (phone.endsWith('0003')) return { fields: {}, instead: 'error' };
    const sale: Sale = {
      payId: randomUUID(),
      extId,
      phone,
      net: net === '' ? 'TELE2' : net,
      amount,
      order,
      notify,
      state: 'WAIT_CODE',
      code: '',
      codeUntil: 0,
      resends: MOST_RESENDS,
      wrong: 0,
      returned: 0,
    };
    this.#sales.push(sale);
    this.#sendCode(sale);
    return yes(this.#fields(sale));
  }

  #sendCode(sale: Sale): void {
    sale.code = String(randomInt(10_000)).padStart(4, '0');
    sale.codeUntil = Date.now() + CODE_LIFE_MS;
    const text = `Saiga: код ${sale.code}. Оплата ${sale.amount / 100} KZT, заказ ${sale.order}. Никому не сообщайте.`;
    this.texts.unshift({ phone: `7${sale.phone}`, text, code: sale.code, sentAt: Date.now() });
  }

  #code(sale: Sale, { session, code }: Form): Answer {
    if (sale.state === 'FAIL') return no(32);
    if (session !== sale.extId.slice(0, 8)) return no(33);
    if (sale.state !== 'WAIT_CODE') return yes();
    if (Date.now() > sale.codeUntil) return no(31);
    if (code === sale.code) {
      sale.state = 'HELD';
      return yes();
    }
    sale.wrong += 1;
    if (sale.wrong < MOST_WRONG) return no(30);
    sale.state = 'FAIL';
    return no(32);
  }

  #again(sale: Sale): Answer {
    if (sale.state !== 'WAIT_CODE' || sale.resends === 0) return no(51);
    if (Date.now() < sale.codeUntil) return no(50, { resend_at: seconds(sale.codeUntil) });
    sale.resends -= 1;
    this.#sendCode(sale);
    return yes(this.#fields(sale));
  }

  #take(sale: Sale): Answer {
    if (sale.state === 'DONE') return yes();
    if (sale.state !== 'HELD') return no(45);
    sale.state = 'DONE';
    this.#enter('charge', sale, sale.extId, sale.amount);
    if (!sale.phone.endsWith('0005')) this.#notify(sale.notify, this.#fields(sale));
    return sale.phone.endsWith('0002') ? { fields: {}, instead: 'lost' } : yes();
  }

  #void(sale: Sale): Answer {
    if (sale.state === 'DONE') return no(45);
    sale.state = 'VOID';
    return yes();
  }

  #return(sale: Sale, form: Form): Answer {
    const { ext_id: extId = '', notify = '' } = form;
    const amount = Number(form['amount']);
    if (this.#returns.some((each) => each.extId === extId)) return no(20);
    if (sale.state !== 'DONE') return no(60);
    if (sale.returned + amount > sale.amount) return no(61);
    sale.returned += amount;
    const made: Return = { returnId: randomUUID(), extId, notify, amount };
    this.#returns.push(made);
    this.#enter('refund', sale, extId, amount);
    this.#notify(notify, { return_id: made.returnId, ext_id: extId, state: 'RETURNED' });
    return yes({ return_id: made.returnId, ext_id: extId, state: 'RETURNING' });
  }

  #status({ pay_id: payId, ext_id: extId }: Form): Answer {
    const sale = this.#sales.find((each) => (payId === undefined ? each.extId === extId : each.payId === payId));
    return sale ? yes(this.#fields(sale)) : no(21);
  }

  #returnStatus({ ext_id: extId }: Form): Answer {
    const made = this.#returns.find((each) => each.extId === extId);
    return made ? yes({ return_id: made.returnId, ext_id: made.extId, state: 'RETURNED' }) : no(21);
  }

  #enter(kind: Entry['kind'], sale: Sale, correlator: string, amount: number): void {
    this.ledger.push({ kind, reference: sale.order, correlator, amount, at: Date.now() });
  }

  #fields(sale: Sale): Form {
    const { payId, extId, state, amount, net, codeUntil, resends } = sale;
    const waits = { session: extId.slice(0, 8), code_until: seconds(codeUntil), resend_at: seconds(codeUntil) };
    return {
      pay_id: payId,
      ext_id: extId,
      state,
      amount: String(amount),
      cur: '398',
      net,
      ...(state === 'WAIT_CODE' && { ...waits, resends: String(resends) }),
      ...(state === 'FAIL' && { reason: '45' }),
    };
  }
}
