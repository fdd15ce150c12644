import { Type } from 'typebox';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { closed, documentedRoot, generalWithoutPayment } from './objects.ts';
import { compileBody } from './shape.ts';

export type OperatorsListRequest = {
  readonly projectId: number;
  readonly signature: string;
  readonly filter: { readonly code?: string; readonly country?: string } | undefined;
};

export type OperatorView = {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly currencies: readonly string[];
};

export const operatorsListBody = Type.Object({ ...documentedRoot, general: generalWithoutPayment }, closed);

const checkOperatorsList = compileBody(operatorsListBody);

/** Reads the question which operators there are. */
export function parseOperatorsList(body: JsonValue): Parsed<OperatorsListRequest> {
  const checked = checkOperatorsList(body);
  if (!checked.ok) return checked;
  const { general, service_provider: filter } = checked.value;
  return { ok: true, value: { projectId: general.project_id, signature: general.signature, filter } };
}

/** The answer: a bare list. `country` is the first of `countries`, for readers that know only one. */
export const renderOperators = (operators: readonly OperatorView[]) =>
  operators.map(({ code, name, country, currencies }) => ({ code, name, country, countries: [country], currencies }));
