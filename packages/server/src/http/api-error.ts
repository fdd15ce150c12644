import type { Fault } from '@rocketpay/contract/fault.ts';
import { renderError, renderFaults } from '@rocketpay/contract/answers.ts';
import { gateCodes, type GateCode } from '@rocketpay/core/errors.ts';

/** A refusal at our wall: thrown only by http and routes, answered as the wire's error body. */
export class ApiError extends Error {
  readonly httpStatus: number;
  readonly body: object;

  private constructor(httpStatus: number, body: object, says: string) {
    super(says);
    this.httpStatus = httpStatus;
    this.body = body;
  }

  /** One or more things wrong with a request, answered with 400. */
  static faults(faults: readonly Fault[]): ApiError {
    return new ApiError(400, renderFaults(faults), faults[0]?.message ?? 'faults');
  }

  /** A state that does not allow the request, at one field; a list of one, so that every 400 has the same shape. */
  static refusal(
    code: GateCode,
    field: string,
    constraint: string,
    message: string = gateCodes[code].message,
  ): ApiError {
    return ApiError.faults([{ code, message, field, constraint }]);
  }

  /** A request that cannot be read at all. */
  static unreadable(httpStatus: number, code: GateCode, message?: string): ApiError {
    return new ApiError(httpStatus, renderError({ code, ...(message !== undefined && { message }) }), message ?? code);
  }
}
