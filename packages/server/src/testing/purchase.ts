import assert from 'node:assert/strict';
import type { Notice } from '../providers/port.ts';
import { codeBody, paths, resendBody, saleBody, signed, type Body } from './gate-bodies.ts';
import { idOf, type Held } from './scripted-provider.ts';
import type { Reply, TestPlatform } from './test-platform.ts';

/** The fault of an error's answer: `HTTP status, code, field, constraint`. */
export function faultOf(reply: Reply): string {
  const body = JSON.parse(reply.text) as {
    code?: string;
    errors?: { code: number; field: string; constraint: string }[];
  };
  const [first] = body.errors ?? [];
  return first
    ? `${reply.status} ${first.code} ${first.field} ${first.constraint}`
    : `${reply.status} ${body.code ?? ''}`.trim();
}

export function requestIdOf(reply: Reply): string {
  assert.equal(reply.status, 200, reply.text);
  return (JSON.parse(reply.text) as { request_id: string }).request_id;
}

/** What the status endpoint says: `payment status`, the sum left, and each operation. */
export async function statusOf(platform: TestPlatform, id: string): Promise<string> {
  const { text } = await platform.post(paths.status, signed(id));
  const { payment, operations } = JSON.parse(text) as {
    payment: { status: string; sum: { amount: number } };
    operations: { type: string; status: string; code: string }[];
  };
  const told = operations.map(({ type, status, code }) => `${type} ${status} ${code}`);
  return [`${payment.status} ${payment.sum.amount}`, ...told].join(', ');
}

export const postSale = (platform: TestPlatform, id: string, change: Body = {}): Promise<Reply> =>
  platform.post(paths.sale, signed(id, saleBody(change)));
export const postCode = (platform: TestPlatform, id: string, code = '246810'): Promise<Reply> =>
  platform.post(paths.code, signed(id, codeBody(code)));
export const postResend = (platform: TestPlatform, id: string): Promise<Reply> =>
  platform.post(paths.resend, signed(id, resendBody));
export const postRefund = (platform: TestPlatform, id: string, payment?: Body, more: Body = {}): Promise<Reply> =>
  platform.post(paths.refund, signed(id, { ...(payment && { payment }), ...more }));

/** A purchase that has come to where its code is awaited. */
export async function reachCode(platform: TestPlatform, id: string, change: Body = {}): Promise<void> {
  requestIdOf(await postSale(platform, id, change));
  await platform.idle();
  assert.match(await statusOf(platform, id), /^awaiting clarification/);
}

/** A purchase whose resend the operator has been asked for, and has not answered yet. */
export async function reachResending(platform: TestPlatform, id: string): Promise<Held<'resend'>> {
  await reachCode(platform, id);
  await platform.pass(60_000);
  const held = platform.provider.hold('resend');
  requestIdOf(await postResend(platform, id));
  await held.arrived;
  return held;
}

/** A purchase whose code was taken and whose confirmation the operator has taken on. */
export async function reachConfirming(platform: TestPlatform, id: string, change: Body = {}): Promise<void> {
  await reachCode(platform, id, change);
  requestIdOf(await postCode(platform, id));
  await platform.idle();
}

/** The operator's word that the newest prepared payment was charged. */
export function chargedNotice(platform: TestPlatform, amountMinor?: number): Notice {
  const call = platform.provider.lastPrepare();
  const sum = { ...call.sum, ...(amountMinor !== undefined && { amountMinor }) };
  return { about: 'sale', finding: { status: 'charged', providerPaymentId: idOf(call), sum } };
}

/** A purchase that is paid. */
export async function buy(platform: TestPlatform, id: string, change: Body = {}): Promise<void> {
  await reachConfirming(platform, id, change);
  const reply = await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  assert.equal(reply.status, 204, reply.text);
  await platform.idle();
  assert.match(await statusOf(platform, id), /^success/);
}
