import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Node = Readonly<Record<string, unknown>>;
type Content = { readonly content?: { readonly 'application/json': { readonly schema: Node } } };
type Operation = { readonly responses: Readonly<Record<string, Content>>; readonly requestBody: Content };
type Paths = Readonly<Record<string, { readonly post: Operation }>>;

/** What the platform says of itself at `/openapi.json`, to which its answers and callbacks are held. */
export class Documented {
  readonly #paths: Paths;
  readonly #webhooks: Paths;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  readonly #checks = new Map<string, ValidateFunction>();

  private constructor(document: { readonly paths: Paths; readonly webhooks: Paths }) {
    this.#paths = document.paths;
    this.#webhooks = document.webhooks;
    this.#ajv.addSchema(document, 'gate');
  }

  /** Reads the document of a platform, once for each. */
  static of(platform: string): Promise<Documented> {
    const known = read.get(platform);
    if (known) return known;
    const reading = fetch(`${platform}/openapi.json`).then(
      async (answer) => new Documented((await answer.json()) as { paths: Paths; webhooks: Paths }),
    );
    read.set(platform, reading);
    reading.catch(() => read.delete(platform));
    return reading;
  }

  /** A path that the document does not have is nobody's promise. */
  assertAnswer(path: string, status: number, text: string): void {
    const operation = this.#paths[path]?.post;
    if (!operation) return;
    const schema = operation.responses[status]?.content?.['application/json'].schema;
    assert.ok(schema, `HTTP ${status} of ${path} is not documented: ${text}`);
    this.#assert(`${status} of ${path}`, schema, text);
  }

  assertCallback(text: string): void {
    this.#assert('a callback', this.#webhooks['callback']?.post.requestBody.content?.['application/json'].schema, text);
  }

  #assert(what: string, schema: Node | undefined, text: string): void {
    const pointed = JSON.stringify(schema).replaceAll('"#/', '"gate#/');
    const check = this.#checks.get(pointed) ?? this.#ajv.compile(JSON.parse(pointed) as Node);
    this.#checks.set(pointed, check);
    assert.ok(check(JSON.parse(text)), `${what} is not as documented: ${this.#ajv.errorsText(check.errors)}\n${text}`);
  }
}

const read = new Map<string, Promise<Documented>>();
