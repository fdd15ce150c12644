import type { StoredCallback } from '../store.ts';

/** A callback in a line: the payment's status, and what its operation says. */
export function callbackWords({ body }: StoredCallback): { readonly status: string; readonly what: string } {
  const { payment, operation, clarification_info: info } = JSON.parse(body) as Body;
  const what = [operation?.type, operation?.code, operation?.message, info?.reason].map(textOf);
  return { status: textOf(payment?.status), what: what.filter((one) => one !== '').join(' ') };
}

/** The signature proves who wrote a callback, not that every member has the expected type. */
interface Body {
  readonly payment?: { readonly status?: unknown };
  readonly operation?: { readonly type?: unknown; readonly code?: unknown; readonly message?: unknown };
  readonly clarification_info?: { readonly reason?: unknown };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
