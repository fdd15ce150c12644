import { factsOf } from '@rocketpay/core/errors.ts';
import type { GateCode } from '@rocketpay/core/errors.ts';
import type { JsonObject } from '../json.ts';
import type { Node } from '../node.ts';
import { documentedRoot, generalWithoutPayment } from '../objects.ts';
import { renderError } from '../answers.ts';
import { answers } from './answers.ts';
import type { AnswerName } from './answers.ts';
import { callbackParts, webhook } from './callbacks.ts';
import { endpoints } from './endpoints.ts';
import type { Endpoint } from './endpoints.ts';
import { answerExamples, signedRequest } from './examples.ts';
import { commonCodes, errorStatuses, refusalExample } from './faults.ts';
import { intro, tags } from './intro.ts';
import { pageCheck } from './page-check.ts';
import { answerTexts, requestTexts } from './texts.ts';
import { translate } from './translate.ts';
import type { Direction, Schema, Texts } from './translate.ts';

/** Members of a request that have a schema of their own in the document. */
const parts: Readonly<Record<string, string>> = {
  general: 'General',
  customer: 'Customer',
  account: 'Account',
  payment: 'Payment',
  return_url: 'ReturnUrl',
  callback: 'CallbackSettings',
  interface_type: 'InterfaceType',
  receipt_data: 'ReceiptData',
  service_provider: 'ServiceProvider',
};

type Components = { readonly schemas: Record<string, Schema>; readonly named: Map<string, string> };

const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** Gives a schema a name; from then on it is referred to wherever it stands. */
function define(components: Components, name: string, schema: Schema): void {
  components.schemas[name] = schema;
  components.named.set(JSON.stringify(schema), name);
}

/** The schemas of all requests and answers, shared parts first. */
function defineSchemas(): Components {
  const components: Components = { schemas: {}, named: new Map() };
  const named = (schema: Schema): Schema => {
    const exact = components.named.get(JSON.stringify(schema));
    if (exact !== undefined) return refTo(exact);
    const { description, ...rest } = schema;
    const name = components.named.get(JSON.stringify(rest));
    return name === undefined ? schema : { ...refTo(name), description };
  };
  const add = (name: string, node: unknown, texts: Texts, direction: Direction, path = ''): void =>
    define(components, name, translate(node as Node, texts, direction, named, path));

  for (const [member, name] of Object.entries(parts))
    add(name, documentedRoot[member as keyof typeof documentedRoot], requestTexts, 'request', member);
  add('GeneralOfProject', generalWithoutPayment, requestTexts, 'request', 'general');
  for (const { request, body } of endpoints)
    if (!(request in components.schemas)) add(request, body, requestTexts, 'request');

  const { sum_initial: sum } = answers.Callback.properties.operation.properties;
  add('Sum', sum, {}, 'answer');
  add('Operation', answers.Callback.properties.operation, answerTexts, 'answer', 'operation');
  for (const [name, node] of Object.entries(answers)) add(name, node, answerTexts, 'answer');
  return components;
}

const json = (schema: Schema, examples: Readonly<Record<string, object>>): Schema => ({
  'application/json': {
    schema,
    examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
  },
});

const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

function answered(names: readonly AnswerName[]): Schema {
  const [first = 'Accepted', ...others] = names;
  const schema = others.length === 0 ? refTo(first) : { anyOf: names.map(refTo) };
  const examples = Object.fromEntries(names.map((name) => [name, answerExamples[name]]));
  return {
    description: names.map((name) => answerTitles[name]).join(' Or: '),
    headers,
    content: json(schema, examples),
  };
}

const answerTitles: Readonly<Record<AnswerName, string>> = {
  Accepted: 'Durably accepted.',
  PaymentState: 'The newest stored state, signed.',
  UnknownPayment: 'No such payment.',
  RequestState: 'The state in the family’s older shape, signed in `general`.',
  Operators: 'The list.',
  Methods: 'The methods by currency; empty where there is none.',
  AvailableMethods: 'Each method asked for, signed.',
  Refusal: 'Refused.',
  Error: 'Refused.',
  Callback: 'A callback.',
};

function refused(codes: readonly GateCode[]): Schema {
  const all = [...new Set([...commonCodes, ...codes])].toSorted((one, other) => Number(one) - Number(other));
  const examples = Object.fromEntries(all.map((code) => [code, refusalExample(code)]));
  const list = all.map((code) => `- ${code} ${factsOf(code).message}`).join('\n');
  return {
    description: `Refused; nothing is stored.\n\n${list}`,
    headers,
    content: json(refTo('Refusal'), examples),
  };
}

const notFound = (description: string): Schema => ({
  description,
  headers,
  content: json(refTo('Error'), { error: renderError({ code: '3061' }) }),
});

function operation(endpoint: Endpoint): Schema {
  const { tag, operationId, summary, description, request, example, codes, missing, tells } = endpoint;
  return {
    tags: [tag],
    operationId,
    summary,
    description,
    requestBody: { required: true, content: json(refTo(request), { sandbox: signedRequest(example) }) },
    responses: {
      '200': answered(endpoint.answers),
      '400': refused(codes),
      ...(missing !== undefined && { '404': notFound(missing) }),
      ...Object.fromEntries(
        Object.entries(errorStatuses).map(([status, { description: text, example: body }]) => [
          status,
          { description: text, headers, content: json(refTo('Error'), { error: body }) },
        ]),
      ),
    },
    ...(tells && { callbacks: { result: callbackParts(tag === 'Refund') } }),
  };
}

/** OpenAPI 3.1 of Gate, its callbacks and the check of a Payment Page link, from the schemas by which requests are judged. Pure: always the same. */
export function openApiDocument(): JsonObject {
  const { schemas } = defineSchemas();
  const document = {
    openapi: '3.1.1',
    info: { title: 'Rocketpay Gate', version: '2.0.0', description: intro },
    servers: [{ url: '/', description: 'This platform' }],
    tags,
    security: [{}, { strictSignature: [] }],
    paths: {
      ...Object.fromEntries(endpoints.map((endpoint) => [endpoint.path, { post: operation(endpoint) }])),
      '/params/check': { get: pageCheck },
    },
    webhooks: { callback: { post: webhook(answerExamples.Callback) } },
    components: {
      schemas,
      headers: {
        RequestId: { description: 'Name it when you ask for help.', schema: { type: 'string', format: 'uuid' } },
      },
      securitySchemes: {
        strictSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Rocketpay-Signature',
          description:
            '`t=<unix seconds>,n=<nonce>,v1=<hex>`, beside the signature in the body: wanted of projects in strict mode, and judged wherever it is sent. The same request again gets its first answer. See the guide on signing.',
        },
      },
    },
  };
  return document as unknown as JsonObject;
}
