import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import { parseJson, type JsonValue } from '@rocketpay/contract/json.ts';
import { parseCallback } from '@rocketpay/contract/read-callback.ts';
import type { CallbackView } from '@rocketpay/contract/callback.ts';
import { verifyMessage } from '@rocketpay/contract/signature.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Trace } from '../world/trace.ts';
import type { Violations } from '../world/violation.ts';
import { shops } from './wishes.ts';

/** A callback as it reached its merchant. */
export interface Arrival {
  readonly url: string;
  readonly body: string;
  readonly view: CallbackView;
}

export interface InboxParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly trace: Trace;
  readonly violations: Violations;
  readonly secret: string;
  readonly healsAt: number;
  /** How long sales keep coming. */
  readonly busyMs: number;
  readonly onFirst: (arrival: Arrival) => void;
}

const answered = (status: number): AttemptOutcome => ({
  kind: status === 200 ? 'delivered' : 'refused_status',
  status,
  answerStart: status === 200 ? 'OK' : 'error',
});
const unanswered = (kind: 'timeout' | 'connect_error' | 'connection_lost'): AttemptOutcome => ({
  kind,
  status: null,
  answerStart: null,
});

/** The merchants' endpoints: they fail, forget to answer, and are slow. */
export class Inbox {
  readonly arrivals: Arrival[] = [];
  readonly #parts: InboxParts;
  readonly #seen = new Set<string>();
  readonly #downtimes: readonly { readonly shop: string; readonly from: number; readonly until: number }[];

  constructor(parts: InboxParts) {
    this.#parts = parts;
    const { random, timeline, busyMs } = parts;
    const unlucky = shops.filter(() => random.chance(0.4));
    this.#downtimes = unlucky.map((shop) => {
      const from = timeline.now + random.between(0, busyMs);
      return { shop, from, until: from + random.between(60_000, 7_200_000) };
    });
  }

  async deliver(url: string, body: string): Promise<AttemptOutcome> {
    const { timeline, random, healsAt } = this.#parts;
    const { now } = timeline;
    const isDown = this.#downtimes.some(({ shop, from, until }) => url.includes(shop) && from <= now && now < until);
    const fate =
      timeline.now >= healsAt ? 'fine' : random.weighted({ fine: 84, slow: 5, failing: 5, silent: 4, unreachable: 2 });
    if (isDown || fate === 'unreachable') {
      await timeline.sleep(random.between(1, 3_000));
      return unanswered('connect_error');
    }
    if (fate === 'failing') {
      await timeline.sleep(random.between(10, 500));
      return answered(500);
    }
    await timeline.sleep(fate === 'slow' ? random.between(1_000, 8_000) : random.between(5, 200));
    this.#take(url, body);
    if (fate === 'silent') {
      await timeline.sleep(1_500);
      return unanswered(random.pick(['timeout', 'connection_lost']));
    }
    await timeline.sleep(random.between(5, 200));
    return answered(200);
  }

  #take(url: string, body: string): void {
    const { violations, trace, secret, onFirst } = this.#parts;
    const arrival = read(url, body, secret);
    if (!arrival) {
      violations.add('A callback reached its merchant unreadable or with a bad signature.', null);
      return;
    }
    const { payment, operation, clarification } = arrival.view;
    trace.add(
      payment.id,
      `merchant hears ${operation.type} ${operation.id} ${operation.status} ${clarification?.reason ?? ''}`,
    );
    this.arrivals.push(arrival);
    const name = `${url}\n${body}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    onFirst(arrival);
  }
}

function read(url: string, body: string, secret: string): Arrival | null {
  const parsed = parseJson(new TextEncoder().encode(body));
  const signature = parsed.ok ? signatureOf(parsed.value) : null;
  if (!parsed.ok || signature === null || !verifyMessage(parsed.value, signature, secret)) return null;
  const view = parseCallback(parsed.value);
  return view.ok ? { url, body, view: view.value } : null;
}

function signatureOf(body: JsonValue): string | null {
  const signature = typeof body === 'object' && body !== null && 'signature' in body ? body.signature : null;
  return typeof signature === 'string' ? signature : null;
}
