import type { Denial } from '../denials.ts';

/** A refusal with CAMARA's body; thrown by the operator's rules, rendered by the server. */
export class CamaraError extends Error {
  readonly status: number;
  readonly code: string;
  /** Members beside status, code and message. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }

  body(): object {
    return { status: this.status, code: this.code, message: this.message, ...this.extra };
  }
}

export function invalidArgument(message: string): CamaraError {
  return new CamaraError(400, 'INVALID_ARGUMENT', message);
}

export function deniedError({ status, code, denialCode, reason }: Denial): CamaraError {
  return new CamaraError(status, code, reason, denialCode === undefined ? {} : { denialCode });
}

export function notFound(): CamaraError {
  return new CamaraError(404, 'NOT_FOUND', 'The specified resource is not found.');
}
