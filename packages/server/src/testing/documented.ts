import assert from 'node:assert/strict';
import { openApiDocument } from '@rocketpay/contract/openapi/document.ts';
import { answers } from '@rocketpay/contract/openapi/answers.ts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Node = Readonly<Record<string, unknown>>;
type Responses = Readonly<
  Record<string, { readonly content?: { readonly 'application/json': { readonly schema: Node } } }>
>;

const document = openApiDocument() as unknown as {
  readonly paths: Readonly<
    Record<string, Readonly<Record<'get' | 'post', { readonly responses: Responses } | undefined>>>
  >;
  readonly webhooks: {
    readonly callback: {
      readonly post: { readonly parameters: readonly { name: string; required: boolean; schema: Node }[] };
    };
  };
  readonly components: { readonly schemas: Readonly<Record<string, Node>> };
};

/** Readers must expect new members, so the document allows them; what we send is held to those it names. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return copy['type'] === 'object' && copy['properties'] !== undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

const { schemas } = document.components;
const ours = [...Object.keys(answers), 'Sum', 'Operation'];
const held = Object.fromEntries(
  Object.entries(schemas).map(([name, schema]) => [name, ours.includes(name) ? closed(schema) : schema]),
);

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'gate', components: { schemas: held } });
const checks = new Map<string, ValidateFunction>();

function assertKeeps(what: string, schema: Node, text: string): void {
  const pointed = JSON.stringify(schema).replaceAll('"#/', '"gate#/');
  const check = checks.get(pointed) ?? ajv.compile(JSON.parse(pointed) as Node);
  checks.set(pointed, check);
  assert.ok(check(JSON.parse(text)), `${what} is not as documented: ${ajv.errorsText(check.errors)}\n${text}`);
}

/** The answer is one that `/openapi.json` documents for this path and status; other paths than Gate's are passed over. */
export function assertDocumentedAnswer(path: string, status: number, text: string): void {
  const bare = path.split('?')[0] ?? path;
  if (!bare.startsWith('/v2/')) return;
  const endpoint = document.paths[bare];
  if (endpoint === undefined) {
    // An address that cannot be read is a 400.
    assert.ok(status === 404 || status === 400, `${bare} is not in the document`);
    const name = status === 404 ? 'Error' : 'Refusal';
    assertKeeps(`the answer of ${bare}`, { $ref: `#/components/schemas/${name}` }, text);
    return;
  }
  const schema = endpoint.post?.responses[status]?.content?.['application/json'].schema;
  assert.ok(schema, `HTTP ${status} of ${bare} is not in the document: ${text}`);
  assertKeeps(`the answer ${status} of ${bare}`, schema, text);
}

/** The answer is one that `/openapi.json` documents for `GET /params/check`. */
export function assertDocumentedCheck(status: number, text: string): void {
  const schema = document.paths['/params/check']?.get?.responses[status]?.content?.['application/json'].schema;
  assert.ok(schema, `HTTP ${status} of the check is not in the document: ${text}`);
  assertKeeps('the answer of the check', schema, text);
}

/** The callback is one that `/openapi.json` documents, with the headers that it demands. */
export function assertDocumentedCallback(text: string, headers: Readonly<Record<string, string>>): void {
  assertKeeps('a callback', { $ref: '#/components/schemas/Callback' }, text);
  for (const { name, schema, required } of document.webhooks.callback.post.parameters)
    if (required || headers[name] !== undefined)
      assertKeeps(`the callback's ${name}`, schema, JSON.stringify(headers[name] ?? null));
}
