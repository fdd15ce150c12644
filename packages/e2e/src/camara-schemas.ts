import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { TOP } from './config.ts';

/** CAMARA's own files, where they lie beside the checkout; they are no part of the project. */
const FILES = { 'carrier-billing': '/carrier-billing/v0.5', 'carrier-billing-refund': '/carrier-billing-refund/v0.3' };

type Node = Record<string, unknown>;

function folder(): string | undefined {
  return ['../shared', '../../shared'].map((up) => join(TOP, up, 'reference/camara')).find((path) => existsSync(path));
}

const pointer = (...names: readonly string[]): string =>
  names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What the documents say a request or an answer must look like. */
export class CamaraSchemas {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  readonly #documents: readonly { readonly name: string; readonly base: string; readonly root: Node }[];

  private constructor(path: string) {
    addFormats.default(this.#ajv);
    this.#documents = Object.entries(FILES).map(([name, base]) => {
      const root = parse(readFileSync(join(path, `${name}.yaml`), 'utf8')) as Node;
      this.#ajv.addSchema(root, name);
      return { name, base, root };
    });
  }

  /** Null where the documents are not there. */
  static read(): CamaraSchemas | null {
    const path = folder();
    return path === undefined ? null : new CamaraSchemas(path);
  }

  /** The faults of a call's request and answer; null where no document knows the path, as our extensions. */
  faults(call: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly status: number;
    readonly answer: string;
  }): string[] | null {
    const [path = ''] = call.path.split('?');
    for (const { name, base, root } of this.#documents) {
      if (!path.startsWith(`${base}/`)) continue;
      const templates = Object.keys(root['paths'] as Node).filter((each) => matches(each, path.slice(base.length)));
      const template = templates.find((each) => !each.endsWith('}')) ?? templates[0];
      if (template === undefined) return null;
      const at = ['paths', template, call.method.toLowerCase()];
      const operation = find(root, at) as Node | undefined;
      if (!operation) return null;
      const faults = call.body === '' ? [] : this.#check(name, root, [...at, 'requestBody'], call.body, 'request');
      const response = ['responses', String(call.status)];
      if (find(operation, response) === undefined) return [...faults, `no answer ${call.status} is documented`];
      const said = call.answer === '' ? [] : this.#check(name, root, [...at, ...response], call.answer, 'answer');
      return [...faults, ...said];
    }
    return null;
  }

  #check(name: string, root: Node, at: readonly string[], text: string, what: string): string[] {
    let place = at;
    const reference = (find(root, at) as Node | undefined)?.['$ref'];
    if (typeof reference === 'string') place = reference.slice(2).split('/');
    place = [...place, 'content', 'application/json', 'schema'];
    if (find(root, place) === undefined) return [`a ${what} with a body is not documented`];
    const validate = this.#ajv.compile({ $ref: `${name}#${pointer(...place)}` });
    // The documents want https of every sink; on the loopback there is none.
    if (validate(JSON.parse(text.replaceAll('"sink":"http://127.0.0.1', '"sink":"https://127.0.0.1')))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${what} ${instancePath} ${message}`);
  }
}

function find(node: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Node)[name] : undefined),
    node,
  );
}

function matches(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}
