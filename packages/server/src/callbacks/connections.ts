import { Pool } from 'undici';
import type { buildConnector, Dispatcher } from 'undici';

export interface ConnectionLimits {
  readonly perEndpoint: number;
  /** Connections in all, unless more are needed at once: those kept alive give way. */
  readonly total: number;
}

/** As long as a server keeps it that says nothing, and no longer than this where it says so: after that it is closed. */
const KEEP_MS = 4_000;
const KEEP_AT_MOST_MS = 60_000;

interface Endpoint {
  readonly pool: Pool;
  running: number;
  open: number;
}

/** A request on its way. `end` must be called when its attempt is over. */
export interface Exchange {
  /** A connection that was kept may have been used: the other side may have closed it at the same moment. */
  readonly mayBeStale: boolean;
  end(): void;
}

/**
 * Connections to any number of endpoints, kept alive while there is place. Each has a pool of its own that is forgotten with
 * its last connection; where the total is reached, the endpoint that has been idle longest loses its own.
 */
export class Connections {
  readonly #connect: buildConnector.connector;
  readonly #limits: ConnectionLimits;
  /** The longest unused first. */
  readonly #endpoints = new Map<string, Endpoint>();
  #open = 0;

  constructor(connect: buildConnector.connector, limits: ConnectionLimits) {
    this.#connect = connect;
    this.#limits = limits;
  }

  /** Throws when the request is none. */
  dispatch(request: Dispatcher.DispatchOptions & { origin: string }, handler: Dispatcher.DispatchHandler): Exchange {
    const { origin } = request;
    const endpoint = this.#endpoints.get(origin) ?? this.#begin(origin);
    this.#endpoints.delete(origin);
    this.#endpoints.set(origin, endpoint);
    const mayBeStale = endpoint.open > endpoint.running;
    endpoint.running++;
    const end = (): void => {
      endpoint.running--;
      this.#forgetUnused(origin, endpoint);
    };
    try {
      endpoint.pool.dispatch(request, handler);
    } catch (error) {
      end();
      throw error;
    }
    return { mayBeStale, end };
  }

  /** Open at present, with those whose endpoint is closing them. */
  get open(): number {
    return this.#open;
  }

  get endpoints(): number {
    return this.#endpoints.size;
  }

  async close(): Promise<void> {
    const pools = [...this.#endpoints.values()].map(({ pool }) => pool);
    this.#endpoints.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #begin(origin: string): Endpoint {
    const connect: buildConnector.connector = (options, done) => {
      this.#makePlace(endpoint);
      this.#connect(options, (...outcome) => {
        const [, socket] = outcome;
        if (socket) {
          endpoint.open++;
          this.#open++;
          socket.once('close', () => {
            endpoint.open--;
            this.#open--;
            this.#forgetUnused(origin, endpoint);
          });
        }
        done(...outcome);
      });
    };
    const pool = new Pool(origin, {
      connect,
      allowH2: false,
      connections: this.#limits.perEndpoint,
      pipelining: 1,
      keepAliveTimeout: KEEP_MS,
      keepAliveMaxTimeout: KEEP_AT_MOST_MS,
      // An attempt has one deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const endpoint: Endpoint = { pool, running: 0, open: 0 };
    return endpoint;
  }

  /** Ends what an idle endpoint has kept, before another connection is made. */
  #makePlace(wanting: Endpoint): void {
    if (this.#open < this.#limits.total) return;
    for (const [origin, endpoint] of this.#endpoints) {
      if (endpoint === wanting || endpoint.open <= endpoint.running) continue;
      // Its requests on their way are finished first; the next one begins a new pool.
      this.#endpoints.delete(origin);
      void endpoint.pool.close();
      return;
    }
  }

  #forgetUnused(origin: string, endpoint: Endpoint): void {
    if (endpoint.running > 0 || endpoint.open > 0 || this.#endpoints.get(origin) !== endpoint) return;
    this.#endpoints.delete(origin);
    void endpoint.pool.destroy();
  }
}
