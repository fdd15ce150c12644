import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { systemClock } from '../clock.ts';

/** Resolves a name to all of its addresses. */
export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface NameParts {
  /** Asks the name servers; rejects with their code, `ENOTFOUND` or `ENODATA` where there is nothing. */
  readonly resolve4: (name: string) => Promise<readonly string[]>;
  readonly resolve6: (name: string) => Promise<readonly string[]>;
  /** Asks the system, which knows the hosts file; holds one of the few threads that all of the process shares. */
  readonly lookup: (name: string) => Promise<readonly LookupAddress[]>;
  readonly monotonicMs: () => number;
}

interface Answer {
  readonly error: Error | null;
  readonly addresses: readonly LookupAddress[];
  readonly keepMs: number;
}

interface Kept {
  readonly answer: Promise<Answer>;
  untilMs: number;
}

const FOUND_MS = 30_000;
const NOT_FOUND_MS = 5_000;
const MOST_NAMES = 1_000;
const MOST_LOOKUPS = 2;

const loopback: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOTFOUND' || codeOf(error) === 'ENODATA';
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const nothing = (error: unknown): Answer => ({ error: asError(error), addresses: [], keepMs: NOT_FOUND_MS });

/**
 * Resolves names without the system's threads, so that a name server that is silent holds up its own names and nothing
 * else. Answers are kept for a short while; who asks for a name that is being asked for waits for the same answer.
 * localhost is loopback (RFC 6761); a name the name servers do not know may still be in the hosts file.
 */
export function createNames(parts: NameParts): Resolve {
  const kept = new Map<string, Kept>();
  let lookups = 0;

  async function fromSystem(name: string, notFound: unknown): Promise<Answer> {
    if (lookups >= MOST_LOOKUPS) return nothing(notFound);
    lookups++;
    try {
      return { error: null, addresses: await parts.lookup(name), keepMs: FOUND_MS };
    } catch {
      return nothing(notFound);
    } finally {
      lookups--;
    }
  }

  async function ask(name: string): Promise<Answer> {
    const [v4, v6] = await Promise.allSettled([parts.resolve4(name), parts.resolve6(name)]);
    const failures = [v4, v6].flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    const addresses = [
      ...(v4.status === 'fulfilled' ? v4.value : []).map((address) => ({ address, family: 4 })),
      ...(v6.status === 'fulfilled' ? v6.value : []).map((address) => ({ address, family: 6 })),
    ];
    // Half an answer is kept as long: where AAAA is never answered, the next attempt must not wait for it again.
    if (addresses.length > 0) return { error: null, addresses, keepMs: FOUND_MS };
    const unknown = failures.length > 0 && failures.every((failure) => codeOf(failure) === 'ENOTFOUND');
    if (unknown) return fromSystem(name, failures[0]);
    return nothing(
      failures.find((failure) => !isMissing(failure)) ?? failures[0] ?? new Error('the name has no address'),
    );
  }

  function answerFor(name: string): Promise<Answer> {
    const now = parts.monotonicMs();
    const known = kept.get(name);
    if (known && known.untilMs > now) return known.answer;
    kept.delete(name);
    const fresh: Kept = { answer: ask(name), untilMs: Infinity };
    kept.set(name, fresh);
    // The oldest goes; whoever waits for its answer still gets it.
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_NAMES) break;
      kept.delete(oldest);
    }
    void fresh.answer.then(({ keepMs }) => {
      fresh.untilMs = parts.monotonicMs() + keepMs;
    });
    return fresh.answer;
  }

  async function tell(name: string, done: Parameters<Resolve>[1]): Promise<void> {
    const { error, addresses } = await answerFor(name);
    done(error, addresses);
  }

  return (hostname, done) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    if (isLocalhost(name)) return done(null, loopback);
    void tell(name, done);
  };
}

/** Names as this machine resolves them. */
export function systemNames(): Resolve {
  // Looked at once a second: it gives up after two, within the time for a connection.
  const resolver = new Resolver({ timeout: 1_500, tries: 1 });
  return createNames({
    resolve4: (name) => resolver.resolve4(name),
    resolve6: (name) => resolver.resolve6(name),
    lookup: (name) => lookup(name, { all: true }),
    monotonicMs: systemClock.monotonicMs,
  });
}
