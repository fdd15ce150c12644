import { endpoints, type Endpoint } from '@rocketpay/contract/openapi/endpoints.ts';
import { NumberText, parseJson, type JsonValue } from '@rocketpay/contract/json.ts';
import type { Node } from '@rocketpay/contract/node.ts';
import { signMessage } from '@rocketpay/contract/signature.ts';
import { hostile, hostileTexts } from './hostile-values.ts';

/** One hostile request. The same seed makes the same cases in the same order. */
export interface FuzzCase {
  readonly path: string;
  readonly body: Buffer;
}

type Mutable = Record<string, unknown>;

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A sale stores the most of what is sent. */
const weighted = endpoints.flatMap((endpoint) =>
  endpoint.tells && endpoint.tag === 'Purchase' ? Array.from({ length: 5 }, () => endpoint) : [endpoint],
);

/** Requests of every operation of the document, most of them wrong in some way, most of them signed. */
export function* fuzzCases(seed: number, secret: string): Generator<FuzzCase> {
  const random = randomFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const chance = (share: number): boolean => random() < share;

  /** A value that the schema allows, often at its edge. */
  function allowed(node: Node): unknown {
    if (node.anyOf) return allowed(pick(node.anyOf));
    if (node.enum) return pick(node.enum);
    if (node.type === 'boolean') return chance(0.5);
    if (node.type === 'integer' || node.type === 'number')
      return pick([node.minimum ?? 0, node.maximum ?? 9_007_199_254_740_991, (node.minimum ?? 0) + 1]);
    if (node.type === 'array')
      return Array.from({ length: pick([1, 2, node.maxItems ?? 12]) }, () => allowed(node.items ?? {}));
    if (node.type === 'object') {
      const entries = Object.entries(node.properties ?? {});
      const kept = entries.filter(([key]) => (node.required?.includes(key) ?? false) || chance(0.3));
      return Object.fromEntries(kept.map(([key, member]) => [key, allowed(member)]));
    }
    const sample = pick([
      '77071234567',
      'KZT',
      'KZ',
      'https://shop.example/cb',
      '2027-01-01T00:00:00+0600',
      '198.51.100.47',
      'a@b.kz',
      '01-02-1990',
      'Әлия',
    ]);
    return chance(0.7) ? sample : 'ж'.repeat(pick([node.minLength ?? 1, node.maxLength ?? 255]));
  }

  function wholeBody({ body, example }: Endpoint): Mutable {
    const made = chance(0.5) ? (allowed(body as unknown as Node) as Mutable) : {};
    const base = structuredClone(example) as Mutable;
    const merged: Mutable = chance(0.5) ? { ...made, ...base } : { ...base, ...made };
    // Whose request it is stays known, or nothing behind the signature would ever be reached.
    if ('project_id' in base) return { ...merged, project_id: base['project_id'] };
    const general = { ...(made['general'] as object), ...(base['general'] as object) };
    merged['general'] = general;
    // Few ids, so that requests meet payments in every state.
    if ('payment_id' in general) (merged['general'] as Mutable)['payment_id'] = `fuzz-${below(40)}`;
    return merged;
  }

  /** Changes one member somewhere below. */
  function spoil(container: Mutable): void {
    const keys = Object.keys(container);
    const key = pick([
      ...keys,
      pick(['extra', '__proto__', 'constructor', 'a:b', 'a;b', '', '\ud800', 'x'.repeat(300)]),
    ]);
    const inner = Object.hasOwn(container, key) ? container[key] : undefined;
    if (typeof inner === 'object' && inner !== null && !(inner instanceof NumberText) && chance(0.8)) {
      spoil(inner as Mutable);
      return;
    }
    if (chance(0.1)) delete container[key];
    // Text for text is taken further than a wrong type.
    else if (typeof inner === 'string' && chance(0.6)) container[key] = pick(hostileTexts);
    else
      Object.defineProperty(container, key, {
        value: pick(hostile)(),
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }

  function sign(body: Mutable, { example }: Endpoint): void {
    const holder = 'general' in example ? body['general'] : body;
    if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return;
    signIn(body, holder as Mutable);
  }

  function signIn(body: Mutable, holder: Mutable): void {
    const choice = random();
    if (choice < 0.03) return;
    // The signature covers what a reader parses, not what was meant.
    delete holder['signature'];
    const parsed = parseJson(Buffer.from(JSON.stringify(body)));
    if (choice < 0.9 && parsed.ok) holder['signature'] = signMessage(parsed.value as object, secret);
    else holder['signature'] = choice < 0.95 ? pick(hostile)() : `${'A'.repeat(86)}==`;
  }

  /** Damage to the bytes themselves. */
  function damaged(bytes: Buffer): Buffer {
    switch (below(6)) {
      case 0:
        return bytes.subarray(0, below(bytes.length));
      case 1:
        return Buffer.concat([bytes, Buffer.from([0xff, 0xfe])]);
      case 2:
        return Buffer.concat([Buffer.from('\ufeff'), bytes]);
      case 3:
        return Buffer.from(JSON.stringify(pick(hostile)()) ?? '');
      case 4:
        return Buffer.from(`${bytes.toString().slice(0, -1)},"general":{}}`);
      default:
        bytes[below(bytes.length)] = below(256);
        return bytes;
    }
  }

  for (;;) {
    const endpoint = pick(weighted);
    const body = wholeBody(endpoint);
    const spoils = pick([0, 1, 1, 1, 1, 2, 4]);
    for (let count = 0; count < spoils; count++) spoil(body);
    sign(body, endpoint);
    const bytes = Buffer.from(JSON.stringify(body satisfies object as JsonValue));
    yield { path: endpoint.path, body: chance(0.08) ? damaged(bytes) : bytes };
  }
}
