import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createClient } from './exchange.ts';
import { startProcess, type Starting } from './processes.ts';
import { saleBody, sandboxProject } from './sale-body.ts';

/** Rows committed in a second, each in a transaction of its own and on disk before the next of its connection. */
export async function measureCommits(databaseUrl: string, connections: number, lengthMs: number): Promise<number> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: databaseUrl }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await clients[0]?.query('CREATE TABLE IF NOT EXISTS bench_commits (id bigserial PRIMARY KEY, note text NOT NULL)');
    const startedAt = performance.now();
    const counts = await Promise.all(
      clients.map(async (client) => {
        let count = 0;
        for (; performance.now() - startedAt < lengthMs; count++) {
          await client.query({
            name: 'bench',
            text: 'INSERT INTO bench_commits (note) VALUES ($1)',
            values: ['one row'],
          });
        }
        return count;
      }),
    );
    const elapsedMs = performance.now() - startedAt;
    await clients[0]?.query('DROP TABLE bench_commits');
    return (counts.reduce((sum, count) => sum + count, 0) * 1000) / elapsedMs;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Requests with a sale's body that a bare server of Node in a process of its own answers in a second. */
export async function measureHttp(
  concurrency: number,
  lengthMs: number,
  process: Pick<Starting, 'environment' | 'print' | 'run'>,
): Promise<number> {
  const echo = startProcess({ ...process, name: 'echo', script: fileURLToPath(new URL('./echo.ts', import.meta.url)) });
  try {
    const { url } = await echo.receive<{ kind: 'listening'; url: string }>('listening');
    const client = createClient(url, concurrency);
    const body = saleBody('echo', '77071234567', 100_000, sandboxProject.secret);
    let count = 0;
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (; performance.now() - startedAt < lengthMs; count++) await client.postJson('/', body);
      }),
    );
    const elapsedMs = performance.now() - startedAt;
    await client.close();
    return (count * 1000) / elapsedMs;
  } finally {
    await echo.stop();
  }
}
