import type { FastifyInstance } from 'fastify';

/** One answer serves all who ask within this time, so that asking often costs little. */
const FRESH_FOR_MS = 1_000;

export interface HealthParts {
  readonly databaseAnswers: () => Promise<boolean>;
  readonly providerAnswers: () => Promise<boolean>;
  /** The state of each operator's breaker: shown, but no reason not to be ready. */
  readonly breakers: () => Readonly<Record<string, string>>;
  readonly monotonicMs: () => number;
}

interface Readiness {
  readonly database: boolean;
  readonly operator: boolean;
}

/** `live`: the process works. `ready`: the schema is migrated (the server listens only then) and the operator answers. */
export function healthRoutes(app: FastifyInstance, parts: HealthParts): void {
  let asked: { readonly at: number; readonly answer: Promise<Readiness> } | null = null;

  async function ask(): Promise<Readiness> {
    const [database, operator] = await Promise.all([parts.databaseAnswers(), parts.providerAnswers()]);
    return { database, operator };
  }

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const now = parts.monotonicMs();
    if (!asked || now - asked.at > FRESH_FOR_MS) asked = { at: now, answer: ask() };
    const readiness = await asked.answer;
    const ready = readiness.database && readiness.operator;
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', ...readiness, breakers: parts.breakers() });
  });
}
