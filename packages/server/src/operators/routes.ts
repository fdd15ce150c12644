import { parseOperatorsList, renderOperators } from '@rocketpay/contract/operators-list.ts';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { gateRoute, type Door } from '../http/gate.ts';
import type { Operators } from './operators.ts';

const operationTypes = ['sale', 'payout'];

/** Gate's list of operators: the same for purchases and payouts, another type does not exist. */
export function operatorRoutes(app: FastifyInstance, { operators, door }: { operators: Operators; door: Door }): void {
  for (const type of operationTypes) {
    gateRoute(app, door, `/v2/info/mobile/${type}/list`, parseOperatorsList, async ({ value, project }) => {
      const wanted = operators.list().filter((operator) => {
        const { code, country } = value.filter ?? {};
        return (
          operators.availability(operator.operatorId) === 'available' &&
          (code === undefined || operator.operatorId === code) &&
          (country === undefined || operator.country === country)
        );
      });
      return renderOperators(
        wanted.map((operator) => ({
          code: operator.operatorId,
          name: operator.name,
          country: operator.country,
          currencies: project.currencies,
        })),
      );
    });
  }
  app.post('/v2/info/mobile/:type/list', async () => {
    throw ApiError.unreadable(404, '702', 'There is no such operation type; expected sale or payout');
  });
}
