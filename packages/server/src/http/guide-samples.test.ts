import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseClarification } from '@rocketpay/contract/clarification.ts';
import { parseJson, type JsonValue } from '@rocketpay/contract/json.ts';
import { parseOperatorsList } from '@rocketpay/contract/operators-list.ts';
import { parseCallback } from '@rocketpay/contract/read-callback.ts';
import { parseRefund } from '@rocketpay/contract/refund.ts';
import { parseResend } from '@rocketpay/contract/resend.ts';
import { parseSale } from '@rocketpay/contract/sale.ts';
import { stringToSign, verifyMessage } from '@rocketpay/contract/signature.ts';
import { parseStatus } from '@rocketpay/contract/status.ts';

const guide = await readFile(new URL('../../../../docs/guides/gate.md', import.meta.url), 'utf8');
const readers: Readonly<Record<string, (body: JsonValue) => { ok: boolean }>> = {
  '/v2/payment/mobile/sale': parseSale,
  '/v2/payment/clarification': parseClarification,
  '/v2/customer/action/resend': parseResend,
  '/v2/payment/mobile/refund': parseRefund,
  '/v2/payment/status': parseStatus,
  '/v2/info/mobile/sale/list': parseOperatorsList,
};

function bodyOf(text: string): object {
  const parsed = parseJson(new TextEncoder().encode(text));
  assert.ok(parsed.ok && typeof parsed.value === 'object' && parsed.value !== null);
  return parsed.value;
}

const requests = [...guide.matchAll(/^`POST (\S+?)`[^\n]*\n\n```json\n(.*)\n```$/gm)].map(([, path, text]) => ({
  path: path ?? '',
  body: bodyOf(text ?? '') as { general: { signature: string } },
}));

test('the guide shows every request, signed and well-formed', () => {
  assert.deepEqual(requests.map(({ path }) => path).toSorted(), Object.keys(readers).toSorted());
  for (const { path, body } of requests) {
    assert.ok(readers[path]?.(body as unknown as JsonValue).ok, path);
    assert.ok(verifyMessage(body, body.general.signature, 'test-secret'), path);
  }
});

test('the text to sign in the guide is that of its sale', () => {
  const [, text] = /```text\n(.*)\n```/.exec(guide) ?? [];
  assert.equal(text, stringToSign(requests[0]?.body ?? {}));
});

test('the callback in the guide is one of ours, and signed', () => {
  const [, text] = /members:\n\n```json\n(.*)\n```/.exec(guide) ?? [];
  const body = bodyOf(text ?? '') as { signature: string };
  assert.ok(verifyMessage(body, body.signature, 'test-secret'));
  assert.ok(parseCallback(body as unknown as JsonValue).ok);
});
