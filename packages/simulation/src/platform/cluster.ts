import type { Payments } from '@rocketpay/server/payments/payments.ts';
import type { Notice, NoticeAddress } from '@rocketpay/server/providers/port.ts';
import { PlatformProcess, type Surroundings } from './platform-process.ts';

export type Answer<Result> = { readonly kind: 'answered'; readonly result: Result } | { readonly kind: 'silence' };

const REQUEST_TIMEOUT_MS = 30_000;
const NOTICE_RETRIES_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 300_000];

/** The platform's processes over one database: started, stopped at any moment, and reached through a bad network. */
export class Cluster {
  readonly #surroundings: Surroundings;
  readonly #processes: PlatformProcess[] = [];
  #started = 0;
  stops = 0;

  /** `stopsUntil` is when processes no longer stop by chance, in epoch milliseconds. */
  constructor(surroundings: Surroundings, size: number, stopsUntil: number) {
    this.#surroundings = surroundings;
    for (let count = 0; count < size; count++) {
      this.#start();
      void this.#stopNowAndThen(stopsUntil);
    }
  }

  /** A merchant's request. Its answer may be lost; it may come twice. */
  async request<Result>(call: (payments: Payments) => Promise<Result>): Promise<Answer<Result>> {
    const { timeline, random, link } = this.#surroundings;
    const fate = link.healed ? 'fine' : random.weighted({ fine: 92, lost: 3, answer_lost: 3, doubled: 2 });
    await timeline.sleep(random.between(1, 100));
    const process = this.#anyone();
    if (fate === 'lost' || !process) return { kind: 'silence' };
    if (fate === 'doubled') timeline.after(random.between(0, 3_000), () => this.#again(call));
    const answered = this.#call(process, call);
    const waited = timeline.sleep(REQUEST_TIMEOUT_MS).then((): Answer<Result> => ({ kind: 'silence' }));
    const answer = await Promise.race([answered, waited]);
    await timeline.sleep(random.between(1, 100));
    return fate === 'answer_lost' ? { kind: 'silence' } : answer;
  }

  /** An operator's notice on its way: late, twice, mutilated, or never. */
  notice(address: NoticeAddress, notice: Notice): void {
    const { timeline, random, link } = this.#surroundings;
    const fate = link.healed ? 'fine' : random.weighted({ fine: 80, lost: 6, late: 6, doubled: 4, mutilated: 4 });
    if (fate === 'lost') return;
    const copies = fate === 'doubled' ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = fate === 'late' ? random.between(5_000, 900_000) : random.between(10, 1_500);
      const text = fate === 'mutilated' ? mutilated(notice, random.between(0, 2)) : notice;
      timeline.after(delayMs, () => void this.#deliverNotice(address, text, 0));
    }
  }

  async #deliverNotice(address: NoticeAddress, notice: Notice, tries: number): Promise<void> {
    const { timeline, noticeAddresses, trace } = this.#surroundings;
    const [, , , , , projectId = '', key = '', operationNo = '', token = ''] = address.url.split('/');
    const place = noticeAddresses.read({ projectId, key, operationNo, token }, `Bearer ${address.bearer}`);
    if (!place) throw new Error('a notice address cannot be read back');
    const process = this.#anyone();
    const taken = process && this.#call(process, (payments) => payments.takeNotice(place, place.operationNo, notice));
    const outcome = await Promise.race([taken, timeline.sleep(REQUEST_TIMEOUT_MS)]);
    const says = outcome?.kind === 'answered' ? outcome.result.kind : 'no answer';
    trace.add(place.paymentKey, `notice ${notice.finding.status} for operation ${place.operationNo}: ${says}`);
    const retryMs = NOTICE_RETRIES_MS[tries];
    if (outcome?.kind !== 'answered' && retryMs !== undefined) {
      timeline.after(retryMs, () => void this.#deliverNotice(address, notice, tries + 1));
    }
  }

  /** No port of a run ever fails, so that an error is the platform's own; to whoever called it is as good as no answer. */
  async #call<Result>(
    process: PlatformProcess,
    call: (payments: Payments) => Promise<Result>,
  ): Promise<Answer<Result>> {
    try {
      return { kind: 'answered', result: await call(process.payments) };
    } catch (error) {
      this.#surroundings.violations.add(`A request ended in an error: ${String(error)}.`, null);
      return { kind: 'silence' };
    }
  }

  #again<Result>(call: (payments: Payments) => Promise<Result>): void {
    const process = this.#anyone();
    if (process) void this.#call(process, call);
  }

  #anyone(): PlatformProcess | undefined {
    const alive = this.#processes.filter((process) => process.life.alive);
    return alive.length > 0 ? this.#surroundings.random.pick(alive) : undefined;
  }

  #start(): void {
    const { trace, random, link } = this.#surroundings;
    this.#started += 1;
    const name = `process ${this.#started}`;
    trace.add('', `${name} starts`);
    const mayStop = random.fork(`${name} stops`);
    const process = new PlatformProcess(name, this.#surroundings, (unaware) => {
      if (!link.healed && mayStop.chance(0.004)) this.#stop(unaware, 'between commit and effect');
    });
    this.#processes.push(process);
  }

  #stop(process: PlatformProcess, when: string): void {
    const { trace, timeline, random } = this.#surroundings;
    if (!process.life.alive) return;
    trace.add('', `${process.name} stops ${when}`);
    process.life.stop();
    this.stops += 1;
    timeline.after(random.between(100, 40_000), () => this.#start());
  }

  async #stopNowAndThen(until: number): Promise<void> {
    const { timeline, random } = this.#surroundings;
    for (;;) {
      await timeline.sleep(random.between(20_000, 300_000));
      if (timeline.now >= until) return;
      const process = this.#anyone();
      if (process) this.#stop(process, 'by chance');
    }
  }
}

/** What a broken sender makes of a notice: no ids, no sum, or another payment's id. */
function mutilated(notice: Notice, how: number): Notice {
  if (notice.about === 'refund') return { ...notice, finding: { status: 'unclear' } };
  const { providerPaymentId: _, sum: __, ...rest } = notice.finding;
  if (how === 0) return { about: 'sale', finding: { ...rest, status: 'unclear' } };
  return { about: 'sale', finding: how === 1 ? rest : { ...notice.finding, providerPaymentId: 'p-somebody-else' } };
}
