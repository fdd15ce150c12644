import type { Fault } from '@rocketpay/contract/fault.ts';
import { renderError, renderFaults } from '@rocketpay/contract/answers.ts';
import { gateCodes, type GateCode } from '@rocketpay/core/errors.ts';

/** A refusal at our wall: thrown only by http and routes, answered as the wire's error body. */
export class ApiError extends Error {
  readonly httpStatus: number;
  readonly body: object;
  /** Whom a request with a wrong signature claimed to come from; for the log. */
  readonly identity: { readonly claimedProjectId: number | null } | null;

  private constructor(httpStatus: number, body: object, says: string, identity: ApiError['identity'] = null) {
    super(says);
    this.identity = identity;
    this.httpStatus = httpStatus;
    this.body = body;
  }

  /** One or more things wrong with a request, answered with 400. */
  static faults(faults: readonly Fault[]): ApiError {
    return new ApiError(400, renderFaults(faults), faults[0]?.message ?? 'faults');
  }

  /** Faults of which one is the signature. */
  static unsigned(faults: readonly Fault[], claimedProjectId: number | null): ApiError {
    return new ApiError(400, renderFaults(faults), 'signature', { claimedProjectId });
  }

  /** A signed request from an address that its project does not take requests from. */
  static forbidden(projectId: number, address: string | null): ApiError {
    const message = `Access denied: this project takes no requests from ${address ?? 'an address that is not known'}`;
    return new ApiError(403, renderError({ code: '303', message }), 'address', { claimedProjectId: projectId });
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
