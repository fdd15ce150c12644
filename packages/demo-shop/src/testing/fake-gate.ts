import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = { readonly [key: string]: unknown };

export interface GateCall {
  readonly path: string;
  readonly body: { readonly general: { readonly payment_id?: string }; readonly payment?: Json } & Json;
}

/** An answer, or undefined for a connection that breaks. */
export type GateScript = (
  call: GateCall,
  count: number,
) => { readonly httpStatus: number; readonly body: string } | undefined;

export interface FakeGate extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly GateCall[];
}

export const accept: GateScript = ({ body }, count) => ({
  httpStatus: 200,
  body: JSON.stringify({
    status: 'success',
    request_id: `request-${count}`,
    project_id: 1234,
    payment_id: body.general.payment_id,
  }),
});

export const refuse =
  (code: string, message: string): GateScript =>
  () => ({
    httpStatus: 400,
    body: JSON.stringify({ status: 'error', code, message }),
  });

/** A platform that does what the test says, one call after the other. */
export async function startFakeGate(script: GateScript): Promise<FakeGate> {
  const calls: GateCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const call: GateCall = {
      path: request.url ?? '',
      body: JSON.parse(Buffer.concat(chunks).toString()) as GateCall['body'],
    };
    calls.push(call);
    const answer = script(call, calls.length);
    if (answer) response.writeHead(answer.httpStatus, { 'content-type': 'application/json' }).end(answer.body);
    else response.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const linesOf = (value: object, path: string): string[] =>
  Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    typeof member === 'object' && member !== null
      ? linesOf(member, `${path}${key}:`)
      : [`${path}${key}:${String(member)}`],
  );

/** One line of signed JSON, as the platform sends it; written out here so that the shop leans on the SDK alone. */
export function signed(body: Json, secret = 'test-secret'): string {
  return JSON.stringify({ ...body, signature: signatureOf(body, secret) });
}

export function signatureOf(body: Json, secret = 'test-secret'): string {
  return createHmac('sha512', secret).update(linesOf(body, '').sort().join(';')).digest('base64');
}

const CALLBACK_KEY = Buffer.from('cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=', 'base64');

/** The headers that the platform sends beside a callback, as https://www.standardwebhooks.com describes them. */
export function webhookHeaders(body: string, key = CALLBACK_KEY): Record<string, string> {
  const [id, sentAt] = [`msg_${randomUUID()}`, String(Math.floor(Date.now() / 1000))];
  const signature = createHmac('sha256', key).update(`${id}.${sentAt}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': `v1,${signature}` };
}

export interface Told {
  readonly id: string;
  readonly status: string;
  readonly leftMinor?: number;
  readonly operation?: Json;
  readonly more?: Json;
}

const sum = (amount: number): Json => ({ amount, currency: 'KZT' });
const at = '2026-01-02T03:04:05+0000';

/** What the platform tells of a payment of 1200.00 KZT. */
export const payment = ({ id, status, leftMinor = 120_000 }: Told): Json => ({
  id,
  type: 'purchase',
  status,
  date: at,
  method: 'mobile',
  sum: sum(leftMinor),
  description: 'Flat white',
});

export const operation = (status: string, members: Json = {}): Json => ({
  id: 47,
  type: 'sale',
  status,
  date: at,
  created_date: at,
  request_id: 'request-1',
  sum_initial: sum(120_000),
  sum_converted: sum(120_000),
  code: status === 'success' ? '0' : '9999',
  message: status === 'success' ? 'Success' : 'Awaiting processing',
  ...members,
});

export const callback = (told: Told): string =>
  signed({
    project_id: 1234,
    payment: payment(told),
    customer: { id: 'customer_123' },
    operation: operation(told.status, told.operation),
    account: { number: '77011234567', type: 'KCELL' },
    ...told.more,
  });

export const codeWanted = (id: string, info: Json = { reason: 'code_requested' }): string =>
  callback({
    id,
    status: 'awaiting clarification',
    more: { clarification_fields: { additional_data: ['approval_code'] }, clarification_info: info },
  });
