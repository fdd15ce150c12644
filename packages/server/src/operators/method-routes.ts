import {
  methodCode,
  parseAvailableMethods,
  parseMethods,
  renderAvailableMethods,
  renderMethods,
} from '@rocketpay/contract/methods.ts';
import { signedText } from '@rocketpay/contract/signature.ts';
import type { FastifyInstance } from 'fastify';
import { gateRoute, type Door } from '../http/gate.ts';
import type { Operators } from './operators.ts';

/** Which methods a project can use now: one for purchases while any operator takes sales, none for payouts. */
export function methodRoutes(app: FastifyInstance, { operators, door }: { operators: Operators; door: Door }): void {
  const available = () =>
    operators.list().filter(({ operatorId }) => operators.availability(operatorId) === 'available');

  gateRoute(
    app,
    door,
    '/v2/info/available_methods_for_merchant/list',
    parseMethods,
    async ({ value, project }) => {
      const operatorsNow = available().map(({ operatorId: code, name, country }) => ({
        code,
        name,
        country,
        currencies: project.currencies,
      }));
      const isWanted = value.directions.includes('payin') && (value.paymentMethod ?? methodCode) === methodCode;
      const isShown = isWanted && (operatorsNow.length > 0 || value.showUnavailable);
      const currencies = project.currencies.filter((each) => value.currency === undefined || each === value.currency);
      return renderMethods(isShown ? currencies : [], operatorsNow);
    },
    'root',
  );

  for (const direction of ['purchase', 'payout']) {
    const path = `/v2/info/available-methods/${direction}/list`;
    gateRoute(app, door, path, parseAvailableMethods, async ({ value, project, secret }) => {
      const isOpen = direction === 'purchase' && available().length > 0;
      const methods = value.asked.map(({ paymentMethod, currency }) => ({
        paymentMethod,
        isAvailable:
          isOpen && paymentMethod === methodCode && (currency === undefined || project.currencies.includes(currency)),
      }));
      return signedText(renderAvailableMethods(project.projectId, methods), secret);
    });
  }
}
