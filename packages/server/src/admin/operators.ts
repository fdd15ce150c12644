import { operatorIds, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import { createOperatorStore, openBreakers, readStory, switchOperator } from '../operators/operators.ts';
import { UsageError, type Command, type Noun } from './command.ts';
import { moment, valueText } from './show.ts';
import { choice, onOff, optional, textOf, wanted, wholeNumber } from './values.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;
const MAX_REASON = 200;

const operatorOption = { type: 'string', value: operatorIds.join('|'), says: 'which operator' } as const;
const readOperator = choice<OperatorId>(...operatorIds);

const list: Command = {
  says: 'all operators: what is switched on, and whose breakers are not closed',
  options: {},
  async run({ pool }) {
    const { operators } = await createOperatorStore(pool).read();
    const open = await openBreakers(pool);
    const rows = operators.map((row) => ({
      ...row,
      breakers: open
        .filter(({ operatorId }) => operatorId === row.operatorId)
        .map(({ to, by }) => ({ process: by, state: to })),
    }));
    const lines = rows.map(({ operatorId, salesEnabled, refundsEnabled, breakers }) => {
      const switched = `sales ${valueText('', salesEnabled)}, refunds ${valueText('', refundsEnabled)}`;
      const told = breakers.map(({ process, state }) => `${state} at ${process}`).join(', ');
      return `${operatorId}\t${switched}\tbreaker ${told || 'closed'}\n`;
    });
    return { text: lines.join(''), json: rows };
  },
};

const story: Command = {
  says: 'what became of operators: their breakers and what people switched, the newest first',
  options: {
    operator: { ...operatorOption, says: 'of this operator alone' },
    limit: { type: 'string', value: 'N', says: `at most so many; ${DEFAULT_LIMIT} unless given` },
  },
  async run({ pool }, given) {
    const operatorId = optional(given, 'operator', readOperator) ?? null;
    const limit = optional(given, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
    const told = (await readStory(pool, { operatorId, limit })).map((line) => ({ ...line, at: moment(line.at) }));
    const lines = told.map(({ at, operatorId: operator, subject, from, to, why, by, counts }) => {
      const because = counts === null ? why : `${why} (${counts.failures} of ${counts.calls} calls failed)`;
      return `${at}\t${operator}\t${subject}\t${from} → ${to}\t${because}\t${by}\n`;
    });
    return { text: lines.join(''), json: told };
  },
};

function switching(subject: 'sales' | 'refunds'): Command {
  return {
    says: `switches an operator’s ${subject} on or off; running processes follow within ten seconds`,
    options: {
      operator: operatorOption,
      to: { type: 'string', value: 'on|off', says: 'what it shall be' },
      why: { type: 'string', value: 'TEXT', says: 'the reason, for the record' },
    },
    async run({ pool, clock, by }, given) {
      const operatorId = readOperator('operator', wanted(given, 'operator'));
      const on = onOff('to', wanted(given, 'to'));
      const why = (textOf(given, 'why') ?? '').trim();
      if (why === '' || why.length > MAX_REASON)
        throw new UsageError(`--why is missing, or longer than ${MAX_REASON} characters`);
      const changed = await switchOperator(pool, { operatorId, subject, on, at: clock.now(), by, why });
      const text = `${subject} of ${operatorId} are ${changed ? 'now' : 'already'} ${valueText('', on)}\n`;
      return { text, json: { operatorId, subject, on, changed } };
    },
  };
}

export const operator: Noun = {
  name: 'operator',
  says: 'the mobile operators: who takes sales and refunds, and how each has been doing',
  verbs: { list, story, sales: switching('sales'), refunds: switching('refunds') },
};
