import { webhookId } from '@rocketpay/contract/webhook.ts';
import { attemptOutcomes, callbackStates } from '@rocketpay/core/callback/callback.ts';
import { paymentKey } from '@rocketpay/core/payment-key.ts';
import {
  createCallbackStore,
  listCallbacks,
  resendCallback,
  type CallbackCursor,
  type CallbackFilter,
  type ListedCallback,
  type Resent,
} from '../callbacks/callbacks.ts';
import {
  UsageError,
  type AdminContext,
  type Command,
  type Given,
  type Noun,
  type Option,
  type Said,
} from './command.ts';
import { cells, moment, oneLine } from './show.ts';
import { choice, optional, projectOf, projectOption, since, wanted, wholeNumber } from './values.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;
const RESEND_PAGE = 100;

const paymentOption: Option = { type: 'string', value: 'ID', says: 'the payment’s id' };
const numberOption: Option = { type: 'string', value: 'N', says: 'which of the payment’s callbacks; list tells' };
const narrowing = {
  project: projectOption,
  payment: { ...paymentOption, says: 'of this payment alone' },
  state: { type: 'string', value: callbackStates.join('|'), says: 'in this state' },
  since: { type: 'string', value: 'TIME', says: 'not made before: 2026-11-27T10:00:00Z, or 90m, 24h, 3d ago' },
  last: {
    type: 'string',
    value: 'STATUS|OUTCOME|none',
    says: `whose last attempt ended so: an HTTP status, or ${attemptOutcomes.join(', ')}`,
  },
} as const satisfies Record<string, Option>;

const lastAttempt = (name: string, text: string): NonNullable<CallbackFilter['last']> =>
  /^[0-9]+$/.test(text) ? wholeNumber(name, text, 100, 999) : choice('none', ...attemptOutcomes)(name, text);

function filterOf(given: Given, { clock }: AdminContext): CallbackFilter {
  return {
    projectId: projectOf(given),
    paymentKey: optional(given, 'payment', (_name, text) => paymentKey(text)) ?? null,
    state: optional(given, 'state', choice(...callbackStates)) ?? null,
    since: optional(given, 'since', since(clock.now())) ?? null,
    last: optional(given, 'last', lastAttempt) ?? null,
  };
}

const cursorText = ({ createdAt, callbackNo, paymentKey: key }: CallbackCursor): string =>
  `${createdAt}.${callbackNo}.${key}`;

function cursor(name: string, text: string): CallbackCursor {
  const [, createdAt, callbackNo, key] = /^([0-9]{1,15})\.([0-9]{1,9})\.(.+)$/su.exec(text) ?? [];
  if (key === undefined) throw new UsageError(`--${name} is not what a list ended with`);
  return { createdAt: Number(createdAt), callbackNo: Number(callbackNo), paymentKey: key };
}

function shown({ row, last }: ListedCallback) {
  return {
    payment: row.paymentKey,
    number: row.callbackNo,
    webhookId: webhookId(row),
    kind: row.kind,
    state: row.state,
    createdAt: moment(row.createdAt),
    url: row.url,
    attempts: row.attempts,
    last: last && { ...last, at: moment(last.at) },
    nextAt: row.dueAt === null ? null : moment(row.dueAt),
    resends: row.resends,
    resentAt: row.resentAt === null ? null : moment(row.resentAt),
  };
}

function lineOf(listed: ListedCallback): string {
  const { createdAt, payment, number, kind, state, attempts, last, nextAt } = shown(listed);
  const ended = last ? `${last.status ?? last.outcome} in ${last.latencyMs} ms` : 'no attempt yet';
  return cells(createdAt, payment, number, kind, state, `${attempts} tried`, ended, nextAt ? `next ${nextAt}` : '');
}

const list: Command = {
  says: 'a project’s callbacks, the newest first',
  options: {
    ...narrowing,
    limit: { type: 'string', value: 'N', says: `at most so many; ${DEFAULT_LIMIT} unless given` },
    after: { type: 'string', value: 'PLACE', says: 'goes on where an earlier list ended' },
  },
  async run(context, given) {
    const filter = filterOf(given, context);
    const rows = optional(given, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
    const after = optional(given, 'after', cursor) ?? null;
    const { callbacks, next } = await listCallbacks(context.pool, filter, { rows, order: 'newest', after });
    const more = next && cursorText(next);
    const lines = [...callbacks.map(lineOf), ...(more === null ? [] : [`more: --after '${oneLine(more)}'`])];
    return { text: lines.map((line) => `${line}\n`).join(''), json: { callbacks: callbacks.map(shown), next: more } };
  },
};

function placeOf(given: Given) {
  return {
    projectId: projectOf(given),
    paymentKey: paymentKey(wanted(given, 'payment')),
    callbackNo: wholeNumber('number', wanted(given, 'number'), 1, 999_999_999),
  };
}

const unknown = (): UsageError => new UsageError('the project has no such callback; callback list --payment tells');

const show: Command = {
  says: 'one callback: its body, every attempt, and when it is tried next',
  options: { project: projectOption, payment: paymentOption, number: numberOption },
  async run({ pool }, given) {
    const place = placeOf(given);
    const store = createCallbackStore(pool);
    const row = (await store.list(place)).find((other) => other.callbackNo === place.callbackNo);
    if (!row) throw unknown();
    const attempts = (await store.attempts(place)).filter((other) => other.callbackNo === place.callbackNo);
    const { last: _last, ...facts } = shown({ row, last: null });
    const told = attempts.map(({ callbackNo: _callbackNo, ...attempt }) => ({ ...attempt, at: moment(attempt.at) }));
    const lines = [
      ...Object.entries(facts).map(([name, value]) => `${`${name}:`.padEnd(12)}${oneLine(String(value ?? '-'))}`),
      `body:       ${oneLine(row.body)}`,
      ...told.map(({ attempt, at, status, outcome, latencyMs, answerStart }) =>
        cells(`attempt ${attempt}`, at, outcome, status ?? '-', `${latencyMs} ms`, JSON.stringify(answerStart ?? '')),
      ),
    ];
    return { text: lines.map((line) => `${line}\n`).join(''), json: { ...facts, body: row.body, attemptList: told } };
  },
};

function refusalText(refusal: Exclude<Resent, { kind: 'resent' } | { kind: 'missing' }>): string {
  switch (refusal.why) {
    case 'outdated':
      return 'a newer callback has taken its place; resend that one';
    case 'in_flight':
      return 'an attempt is on its way; look again in a minute';
    case 'spent':
      return 'it was sent again twenty times already, which is all';
    case 'too_soon':
      return `it was sent again a moment ago; from ${moment(refusal.allowedAt)} on it may be once more`;
  }
}

async function resendOne(context: AdminContext, given: Given): Promise<Said> {
  const resent = await resendCallback(context.pool, placeOf(given), { now: context.clock.now(), by: context.by });
  if (resent.kind === 'missing') throw unknown();
  if (resent.kind === 'refused') throw new UsageError(refusalText(resent));
  const text = `callback ${resent.callbackNos.join(', then ')}: sent again within a second, while the platform runs\n`;
  return { text, json: { resent: resent.callbackNos } };
}

/** Page by page, the oldest first: what is sent again takes along what came after it. */
async function resendMany(context: AdminContext, filter: CallbackFilter): Promise<Said> {
  const counts = { seen: 0, resent: 0, refused: 0 };
  const why = new Map<string, number>();
  const taken = new Set<string>();
  let after: CallbackCursor | null = null;
  do {
    const page = { rows: RESEND_PAGE, order: 'oldest', after } as const;
    const { callbacks, next }: Awaited<ReturnType<typeof listCallbacks>> = await listCallbacks(
      context.pool,
      filter,
      page,
    );
    for (const { row } of callbacks) {
      counts.seen++;
      const name = (callbackNo: number): string => `${callbackNo} ${row.paymentKey}`;
      if (taken.has(name(row.callbackNo))) continue;
      const resent = await resendCallback(context.pool, row, { now: context.clock.now(), by: context.by });
      if (resent.kind === 'resent') {
        counts.resent += resent.callbackNos.length;
        for (const callbackNo of resent.callbackNos) taken.add(name(callbackNo));
      } else {
        counts.refused++;
        const reason = resent.kind === 'refused' ? resent.why : resent.kind;
        why.set(reason, (why.get(reason) ?? 0) + 1);
      }
    }
    after = next;
    context.progress(`${counts.seen} looked at, ${counts.resent} to be sent again, ${counts.refused} not`);
  } while (after);
  const reasons = [...why].map(([reason, count]) => `, ${count} ${reason}`).join('');
  return {
    text: `${counts.resent} callbacks are sent again, each endpoint at its own pace; ${counts.refused} are not${reasons}\n`,
    json: { ...counts, why: Object.fromEntries(why) },
  };
}

const resend: Command = {
  says: 'sends one callback again (--payment, --number), or all in a state (--state, --since), in order and as they were',
  options: { ...narrowing, number: numberOption },
  async run(context, given) {
    if (given['number'] !== undefined) {
      const also = ['state', 'since', 'last'].find((name) => given[name] !== undefined);
      if (also !== undefined) throw new UsageError(`--number names one callback; --${also} chooses among many`);
      return resendOne(context, given);
    }
    wanted(given, 'state');
    wanted(given, 'since');
    return resendMany(context, filterOf(given, context));
  },
};

export const callback: Noun = {
  name: 'callback',
  says: 'what a project was told, and sending it again',
  verbs: { list, show, resend },
};
