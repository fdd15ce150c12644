import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Rocketpay, type RocketpayOptions } from '../client.ts';
import { RocketpayError } from '../errors.ts';
import { SECRET } from './samples.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';

/** The request was taken. */
export const yes: Step = {
  httpStatus: 200,
  body: '{"status":"success","request_id":"r-1","project_id":1234,"payment_id":"payment_47"}',
};
export const answer = (body: unknown, httpStatus = 200): Step => ({
  httpStatus,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

export const client = (server: ScriptedServer, options: Partial<RocketpayOptions> = {}): Rocketpay =>
  new Rocketpay({
    projectId: 1234,
    secret: SECRET,
    baseUrl: server.url,
    retryDelaysMs: [0, 0],
    timeoutMs: 5_000,
    ...options,
  });

export const sale = {
  paymentId: 'payment_47',
  amountMinor: 100000,
  currency: 'KZT',
  phone: '71234567890',
  customer: {
    id: 'customer_123',
    ipAddress: '198.51.100.47',
    firstName: 'John',
    lastName: 'Doe',
    email: 'johndoe@example.com',
  },
};

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<RocketpayError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RocketpayError, inspect(error));
  return error;
}
