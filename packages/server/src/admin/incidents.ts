import { currencies } from '@rocketpay/core/currency.ts';
import { paymentKey, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { IncidentRow } from '../payments/payments.ts';
import { UsageError, type Command, type Given, type Noun, type Option } from './command.ts';
import { cells, moment } from './show.ts';
import { choice, optional, projectOf, projectOption, wanted, wholeNumber } from './values.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
const MAX_NOTE = 2_000;

const operationOptions = {
  project: projectOption,
  payment: { type: 'string', value: 'ID', says: 'the merchant’s payment id' },
  operation: { type: 'string', value: 'N', says: 'the operation’s number, as the list has it' },
} as const satisfies Record<string, Option>;

const noteOption: Option = { type: 'string', value: 'TEXT', says: 'what was found, and from whom' };

interface Named extends PaymentKey {
  readonly paymentId: string;
  readonly operationNo: number;
}

function operationOf(given: Given): Named {
  const paymentId = wanted(given, 'payment');
  const operationNo = wholeNumber('operation', wanted(given, 'operation'));
  return { projectId: projectOf(given), paymentKey: paymentKey(paymentId), paymentId, operationNo };
}

function noteOf(given: Given): string {
  const note = wanted(given, 'note').trim();
  if (note === '' || note.length > MAX_NOTE)
    throw new UsageError(`--note is not a text of 1 to ${MAX_NOTE} characters`);
  return note;
}

const shown = ({ paymentKey: _key, at, closedAt, ...row }: IncidentRow) => ({
  ...row,
  at: moment(at),
  closedAt: closedAt === null ? null : moment(closedAt),
});

function line(row: IncidentRow): string {
  const { projectId, paymentId, operationNo, kind, operation, state, currency, operator } = row;
  const digits = currencies[currency]?.exponent ?? 0;
  const sum = `${(row.amountMinor / 10 ** digits).toFixed(digits)} ${currency}`;
  const known = row.providerId === null ? 'no id at the operator' : `${operator ?? 'operator'} ${row.providerId}`;
  const closed =
    row.closedAt === null ? '' : `closed ${moment(row.closedAt)} by ${row.closedBy ?? ''}: ${row.closedNote ?? ''}`;
  const what = `${operation} ${operationNo} is ${state}`;
  return `${cells(moment(row.at), projectId, paymentId, what, kind, sum, known, closed)}\n`;
}

const list: Command = {
  says: 'what a person must see, the oldest first',
  options: {
    project: { ...projectOption, says: 'of this project alone' },
    all: { type: 'boolean', says: 'also those that are closed' },
    limit: { type: 'string', value: 'N', says: `at most so many; ${DEFAULT_LIMIT} unless given` },
  },
  async run({ incidents }, given) {
    const projectId = optional(given, 'project', wholeNumber) ?? null;
    const limit = optional(given, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
    const rows = await incidents.list({ projectId, closed: given['all'] === true, limit });
    return { text: rows.map(line).join('') || 'no incidents\n', json: rows.map(shown) };
  },
};

const settle: Command = {
  says: 'ends a sale or refund in doubt as the operator said by another way: the merchant is told, the incident closed',
  options: {
    ...operationOptions,
    as: { type: 'string', value: 'succeeded|declined', says: 'what became of it' },
    note: noteOption,
  },
  async run({ incidents, payments, by }, given) {
    const { paymentId, operationNo, ...key } = operationOf(given);
    const as = choice('succeeded', 'declined')('as', wanted(given, 'as'));
    const note = noteOf(given);
    const rows = await incidents.list({ ...key, closed: false, limit: MAX_LIMIT });
    const open = rows.find((row) => row.operationNo === operationNo);
    const name = `operation ${operationNo} of payment ${paymentId}`;
    if (!open) throw new UsageError(`${name} of project ${key.projectId} has no open incident`);
    const result = await (await payments()).settle(key, { operationNo, as, by, note });
    switch (result.kind) {
      case 'changed': {
        const ended = open.state === as;
        const told = !ended && open.operation !== 'reversal';
        const then = ended
          ? 'already; the operator is not asked any more'
          : told
            ? 'now; the merchant is told'
            : 'now; reversals are not told to merchants';
        return { text: `${name} is ${as} ${then}\n`, json: { paymentId, operationNo, as, told } };
      }
      case 'missing':
        throw new UsageError(`project ${key.projectId} cannot be used in this mode`);
      default:
        if (result.kind === 'refused' && result.refusal.why === 'refund_in_flight')
          throw new UsageError(`${name}: a call to the operator is on its way; try again in a minute`);
        throw new UsageError(`${name} is ${open.state}: it cannot be settled as ${as}; see incident close`);
    }
  },
};

const close: Command = {
  says: 'closes an incident of an operation that has ended; the payment stays as it is',
  options: {
    ...operationOptions,
    kind: { type: 'string', value: 'KIND', says: 'the incident’s, as the list has it' },
    note: noteOption,
  },
  async run({ incidents, by }, given) {
    const { paymentId, operationNo, ...key } = operationOf(given);
    const kind = wanted(given, 'kind');
    const name = `incident ${kind} of operation ${operationNo} of payment ${paymentId}`;
    const result = await incidents.close(key, { operationNo, kind, by, note: noteOf(given) });
    switch (result.kind) {
      case 'closed':
        return { text: `${name} is closed\n`, json: { paymentId, operationNo, kind } };
      case 'missing':
        throw new UsageError(`there is no ${name} in project ${key.projectId}`);
      case 'closed_already':
        throw new UsageError(`${name} is closed already`);
      case 'operation_is_open':
        throw new UsageError(`${name}: the operation is still open; settle it, or wait for the operator’s answer`);
    }
  },
};

export const incident: Noun = {
  name: 'incident',
  says: 'payments and refunds that are open too long, or against what the merchant was told',
  verbs: { list, settle, close },
};
