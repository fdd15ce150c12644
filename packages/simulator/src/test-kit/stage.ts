import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { readSettings } from '../config.ts';
import type { Settings } from '../config.ts';
import { createSimulator } from '../simulator.ts';
import type { Simulator } from '../simulator.ts';
import { ManualClock } from './clock.ts';
import { Sink } from './sink.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the answer has no body. */
  readonly body: Body;
}
// A test names what it expects; what is missing fails its assertion.
export type Body = Readonly<Record<string, unknown>>;

export const ORDINARY = '71234567890';

/** A simulator on a free port, with a store and a clock of its own, and a client's sink. */
export class Stage {
  readonly clock = new ManualClock();
  readonly sink = new Sink();
  readonly #settings: Settings;
  #simulator: Simulator | undefined;
  #url = '';
  #token = '';
  #made = 0;

  constructor(environment: Readonly<Record<string, string>>) {
    const settings = readSettings({ SIMULATOR_PORT: '0', ...environment });
    if ('faults' in settings) throw new Error(settings.faults.join('; '));
    this.#settings = settings;
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const { clock } = this;
    this.#simulator = createSimulator({ settings: this.#settings, clock });
    this.#url = await this.#simulator.listen();
    // The first sweep is armed for now.
    clock.advance(0);
    await this.renewToken();
  }

  async renewToken(): Promise<void> {
    const { body } = await this.token('rocketpay:simulator-secret');
    this.#token = String(body['access_token']);
  }

  /** What the sink has answered by now is read and stored when this is over. */
  async settle(): Promise<void> {
    for (let calls = 0; calls < 3; calls += 1) await this.call('GET', '/health/ready');
  }

  async stop(): Promise<void> {
    await this.#simulator?.close();
    this.#simulator = undefined;
  }

  token(pair: string, grant = 'client_credentials'): Promise<Answer> {
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    return this.call('POST', '/oauth2/token', undefined, {
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=${grant}`,
    });
  }

  async call(method: string, path: string, json?: unknown, init: RequestInit = {}): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#token}` };
    if (json !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(this.#url + path, {
      method,
      headers,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...init,
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const body = isJson && text !== '' ? (JSON.parse(text) as Body) : {};
    return { status: answer.status, headers: answer.headers, text, body };
  }

  /** True when no answer has come a short while after later calls got theirs. */
  async hangs(method: string, path: string, json?: unknown): Promise<boolean> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const giveUp = new AbortController();
    const answered = this.call(method, path, json, { headers, signal: giveUp.signal }).then(
      () => true,
      () => !giveUp.signal.aborted,
    );
    // The call has been taken by then, however long this process has stood still.
    await this.settle();
    const isAnswered = await Promise.race([answered, sleep(100, false)]);
    giveUp.abort();
    await answered;
    return !isAnswered;
  }

  prepareBody(phone: string, amount: unknown = 1000) {
    this.#made += 1;
    return {
      amountTransaction: {
        phoneNumber: `+${phone}`,
        clientCorrelator: `correlator-${this.#made}`,
        referenceCode: `payment_${this.#made}`,
        paymentAmount: {
          chargingInformation: { amount, currency: 'KZT', description: 'A book' },
        },
      },
      ...this.sinkMembers(),
    };
  }

  refundBody(amount: number | undefined, correlator: string) {
    const charging = { amount, currency: 'KZT', description: 'A book, back' };
    return {
      type: amount === undefined ? 'total' : 'partial',
      reason: 'torn',
      amountTransaction: {
        clientCorrelator: correlator,
        referenceCode: 'refund_1',
        refundAmount: amount === undefined ? {} : { chargingInformation: charging },
      },
      ...this.sinkMembers(),
    };
  }

  sinkMembers() {
    return {
      sink: this.sink.url,
      sinkCredential: {
        credentialType: 'ACCESSTOKEN',
        accessToken: 'sink-token',
        accessTokenExpiresUtc: '2027-01-01T00:00:00Z',
        accessTokenType: 'bearer',
      },
    };
  }

  async prepare(phone = ORDINARY, amount: unknown = 1000): Promise<Purchase> {
    const sent = this.prepareBody(phone, amount);
    const answer = await this.call('POST', `${PAYMENTS}/prepare`, sent);
    if (answer.status !== 201) throw new Error(`prepare answered ${answer.status} ${answer.text}`);
    return new Purchase(this, phone, sent.amountTransaction.referenceCode, answer.body);
  }

  async messages(phone: string): Promise<readonly Body[]> {
    const { text } = await this.call('GET', `/phones/${phone}/messages`);
    return JSON.parse(text) as Body[];
  }

  async ledger(query = ''): Promise<readonly Body[]> {
    const { text } = await this.call('GET', `/ledger${query}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Body);
  }
}

export const PAYMENTS = '/carrier-billing/v0.5/payments';

/** One payment at the simulator, as a client goes through it. */
export class Purchase {
  readonly #stage: Stage;
  readonly phone: string;
  readonly reference: string;
  readonly prepared: Body;
  readonly id: string;

  constructor(stage: Stage, phone: string, reference: string, prepared: Body) {
    this.#stage = stage;
    this.phone = phone;
    this.reference = reference;
    this.prepared = prepared;
    this.id = String(prepared['paymentId']);
  }

  path(call = ''): string {
    return `${PAYMENTS}/${this.id}${call}`;
  }

  get refundPath(): string {
    return `/carrier-billing-refund/v0.3/payments/${this.id}/refunds`;
  }

  async look(): Promise<Body> {
    return (await this.#stage.call('GET', this.path())).body;
  }

  async newestCode(): Promise<string> {
    return String((await this.#stage.messages(this.phone))[0]?.['code']);
  }

  async validationBody(code?: string) {
    const info = (await this.look())['validationInfo'] ?? this.prepared['validationInfo'];
    const { authorizationId } = (info ?? {}) as Body;
    return { authorizationId, code: code ?? (await this.newestCode()) };
  }

  /** The newest code, unless another one is given. */
  async validate(code?: string): Promise<Answer> {
    return this.#stage.call('POST', this.path('/validate'), await this.validationBody(code));
  }

  resend(): Promise<Answer> {
    return this.#stage.call('POST', this.path('/resend-code'), {});
  }

  confirm(): Promise<Answer> {
    return this.#stage.call('POST', this.path('/confirm'), { phoneNumber: `+${this.phone}` });
  }

  cancel(): Promise<Answer> {
    return this.#stage.call('POST', this.path('/cancel'), { phoneNumber: `+${this.phone}` });
  }

  async pay(): Promise<void> {
    await this.validate();
    await this.confirm();
  }

  refund(amount: number | undefined, correlator: string): Promise<Answer> {
    return this.#stage.call('POST', this.refundPath, this.#stage.refundBody(amount, correlator));
  }

  async remaining(): Promise<unknown> {
    return (await this.#stage.call('GET', `${this.refundPath}/remaining-amount`)).body['amount'];
  }
}

/** Sets a stage for one test and clears it away after it. */
export async function setStage(test: TestContext, environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const made = new Stage({ DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...environment });
  await made.sink.listen();
  await made.start();
  test.after(async () => {
    await made.stop();
    await made.sink.close();
    rmSync(folder, { recursive: true });
  });
  return made;
}
