import type { FastifyInstance, FastifyReply } from 'fastify';
import { stamp } from './clock.ts';
import { OPERATORS, type Operator } from './operators.ts';
import { readWish, type Switch } from './switches.ts';
import type { World } from './world.ts';

type OfOperator = { Params: { operator: string } };
type OfSwitch = { Params: { id: string } };

/** A switch as the control API shows it. */
export function switchView(one: Switch): object {
  return { ...one, until: stamp(one.until) };
}

function operatorOf(text: string): Operator | undefined {
  return OPERATORS.find((operator) => operator === text);
}

function refuse(reply: FastifyReply, status: number, faults: readonly string[]): void {
  reply.code(status).send({ faults });
}

/**
 * What may be changed while the simulator runs. Bodies are JSON, which no page of another site can send without being asked
 * first, and nobody here answers that question.
 */
export function controlApi(app: FastifyInstance, { profiles, switches }: World): void {
  const noOperator = (reply: FastifyReply) => refuse(reply, 404, [`operators are ${OPERATORS.join(', ')}`]);

  app.get('/control', (_request, reply) => {
    reply.header('cache-control', 'no-store').send({
      profiles: profiles.all(),
      switches: switches.list().map(switchView),
    });
  });

  app.patch<OfOperator>('/control/profiles/:operator', (request, reply) => {
    const operator = operatorOf(request.params.operator);
    if (operator === undefined) return noOperator(reply);
    const { body } = request;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse(reply, 400, ['no JSON object']);
    const faults = profiles.change(operator, body as Record<string, unknown>);
    if (faults.length > 0) return refuse(reply, 400, faults);
    reply.send(profiles.of(operator));
  });

  app.delete<OfOperator>('/control/profiles/:operator', (request, reply) => {
    const operator = operatorOf(request.params.operator);
    if (operator === undefined) return noOperator(reply);
    profiles.reset(operator);
    reply.send(profiles.of(operator));
  });

  app.post('/control/switches', (request, reply) => {
    const wish = readWish(request.body);
    if (Array.isArray(wish)) return refuse(reply, 400, wish);
    reply.code(201).send(switchView(switches.add(wish)));
  });

  app.delete<OfSwitch>('/control/switches/:id', (request, reply) => {
    if (!switches.remove(Number(request.params.id))) return refuse(reply, 404, ['no such switch is on']);
    reply.code(204).send();
  });

  app.delete('/control/switches', (_request, reply) => {
    switches.clear();
    reply.code(204).send();
  });
}
