import { Pool } from 'undici';

export type Answer = { readonly status: number; readonly body: string };

export type Client = {
  get(path: string): Promise<Answer>;
  postJson(path: string, body: string): Promise<Answer>;
  close(): Promise<void>;
};

const timeoutMs = 30_000;
const jsonHeaders = { 'content-type': 'application/json' };

/** An HTTP client that costs as little as undici allows: what the merchant uses up, the platform lacks. */
export function createClient(origin: string, connections: number): Client {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 60_000,
  });
  const exchange = (method: 'GET' | 'POST', path: string, body: string | null): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let status = 0;
      const chunks: Buffer[] = [];
      pool.dispatch(
        { method, path, body, headers: body === null ? null : jsonHeaders },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, statusCode) => (status = statusCode),
          onResponseData: (_controller, chunk) => chunks.push(chunk),
          onResponseEnd: () => resolve({ status, body: textOf(chunks) }),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  return {
    get: (path) => exchange('GET', path, null),
    postJson: (path, body) => exchange('POST', path, body),
    close: () => pool.destroy(),
  };
}

const textOf = (chunks: readonly Buffer[]): string =>
  (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '';
