import { CamaraError, invalidArgument } from './error.ts';

export type Query = Readonly<Record<string, string>>;

const PER_PAGE = 10;
const PER_PAGE_MOST = 100;

/** The query's members; one that is not known is refused, or a filter would silently not filter. */
export function listQuery(query: unknown, known: readonly string[]): Query {
  const members = Object.entries(query as Record<string, unknown>);
  return Object.fromEntries(
    members.map(([name, value]) => {
      if (!known.includes(name)) throw invalidArgument(`${name} is no filter of this list.`);
      if (typeof value !== 'string') throw invalidArgument(`${name} is given twice.`);
      return [name, value];
    }),
  );
}

function count(query: Query, name: string, otherwise: number, most: number): number {
  const text = query[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw invalidArgument(`${name} is no number.`);
  const number = Number(text);
  if (number < 1 || number > most) {
    throw new CamaraError(400, 'OUT_OF_RANGE', 'Client specified an invalid range.');
  }
  return number;
}

export function pageQuery(query: Query): { order: 'asc' | 'desc'; limit: number; offset: number } {
  const order = query['order'] ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidArgument('order is unknown.');
  const limit = count(query, 'perPage', PER_PAGE, PER_PAGE_MOST);
  return { order, limit, offset: (count(query, 'page', 1, 1_000_000) - 1) * limit };
}
