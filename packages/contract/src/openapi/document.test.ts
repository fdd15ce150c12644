import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseClarification } from '../clarification.ts';
import type { JsonValue } from '../json.ts';
import { parseAvailableMethods, parseMethods } from '../methods.ts';
import { parseOperatorsList } from '../operators-list.ts';
import { parseRefund } from '../refund.ts';
import { parseRequestStatus } from '../request-status.ts';
import { parseResend } from '../resend.ts';
import { parseSale } from '../sale.ts';
import { verifyMessage } from '../signature.ts';
import { parseStatus } from '../status.ts';
import { openApiDocument } from './document.ts';
import { endpoints } from './endpoints.ts';

type Media = { schema: object; examples?: Record<string, { value: object }> };
type Content = { content?: { 'application/json': Media } };
type Operation = { operationId: string; requestBody: Content; responses: Record<string, Content> };
type Paths = Record<string, { post: Operation; get?: undefined } | { get: Operation; post?: undefined }>;

const document = openApiDocument();
const { paths, webhooks } = document as unknown as { paths: Paths; webhooks: Record<string, { post: Operation }> };
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(document, 'gate');

function faultsOf(schema: object, value: unknown): string {
  const pointed = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"gate#/')) as object;
  const check = ajv.compile(pointed);
  return check(value) ? '' : ajv.errorsText(check.errors);
}

function assertExamples(where: string, { content }: Content): number {
  const media = content?.['application/json'];
  const examples = Object.entries(media?.examples ?? {});
  for (const [name, { value }] of examples)
    assert.equal(faultsOf(media?.schema ?? {}, value), '', `${where}, example ${name}`);
  return examples.length;
}

test('the document is OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
  assert.ok(valid, JSON.stringify(errors));
});

test('every example keeps to its schema', () => {
  for (const [path, { get, post }] of Object.entries(paths)) {
    if (post) assert.equal(assertExamples(path, post.requestBody), 1);
    for (const [status, response] of Object.entries((get ?? post).responses))
      assert.ok(assertExamples(`${path} ${status}`, response) > 0, `${path} ${status} has no example`);
  }
  for (const { post } of Object.values(webhooks)) assert.equal(assertExamples('webhook', post.requestBody), 1);
});

test('a schema of the document tells right from wrong', () => {
  const sale = { $ref: 'gate#/components/schemas/SaleRequest' };
  assert.match(faultsOf(sale, { general: {} }), /required/);
  assert.match(faultsOf(sale, { account: { bank_id: 2 ** 53 } }), /bank_id must be <= 9007199254740991/);
  assert.match(faultsOf({ $ref: 'gate#/components/schemas/Callback' }, { project_id: 0 }), /must be >= 1/);
});

test('every sample request is one that its endpoint takes, and signed', () => {
  const readers: Readonly<Record<string, (body: JsonValue) => { ok: boolean }>> = {
    SaleRequest: parseSale,
    ClarificationRequest: parseClarification,
    ResendRequest: parseResend,
    StatusRequest: parseStatus,
    RefundRequest: parseRefund,
    OperatorsRequest: parseOperatorsList,
    RequestStatusRequest: parseRequestStatus,
    MethodsRequest: parseMethods,
    AvailableMethodsRequest: parseAvailableMethods,
  };
  for (const { path, request } of endpoints) {
    const [{ value }] = Object.values(
      paths[path]?.post?.requestBody.content?.['application/json'].examples ?? {},
    ) as unknown as [{ value: { general?: { signature: string }; signature?: string } }];
    assert.ok(readers[request]?.(value as unknown as JsonValue).ok, path);
    assert.ok(verifyMessage(value, value.general?.signature ?? value.signature ?? '', 'test-secret'), path);
  }
});

test('operations have names of their own, and nothing of ours is left in a schema', () => {
  const names = Object.values(paths).map(({ get, post }) => (get ?? post).operationId);
  assert.equal(new Set(names).size, names.length);
  assert.doesNotMatch(JSON.stringify(document), /"x-/);
});
