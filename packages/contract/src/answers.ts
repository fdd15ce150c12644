import { gateCodes } from '@rocketpay/core/errors.ts';
import type { GateCode } from '@rocketpay/core/errors.ts';
import type { Fault } from './fault.ts';

/** `status` says only that the request was taken, never how the payment goes. */
export const renderAccepted = (accepted: { requestId: string; projectId: number; paymentId: string }) => ({
  status: 'success',
  request_id: accepted.requestId,
  project_id: accepted.projectId,
  payment_id: accepted.paymentId,
});

/** Codes whose own message says when, why or how much, which the registry's cannot. */
const tellingCodes: ReadonlySet<GateCode> = new Set(['3060', '3283', '3285']);

/**
 * The code of the first fault, and all faults in `errors`. Takes at least one. Merchants match on the registry's
 * messages, so the root has the one of its code, and what is wrong with the member is told in `errors`; only
 * `tellingCodes` keep the fault's own message at the root. The family's schema has the root's code as a string and an
 * item's as an integer, and its typed clients read them so.
 */
export function renderFaults(faults: readonly Fault[]) {
  const { code, message } = faults[0] ?? { code: '502' as const, message: gateCodes['502'].message };
  return {
    status: 'error',
    code,
    message: tellingCodes.has(code) ? message : gateCodes[code].message,
    errors: faults.map((fault) => ({
      code: Number(fault.code),
      message: fault.message,
      field: fault.field,
      constraint: fault.constraint,
    })),
  };
}

/** A refusal that lies in no one field. Without a message of its own it says the registry's. */
export const renderError = ({ code, message = gateCodes[code].message }: { code: GateCode; message?: string }) => ({
  status: 'error',
  code,
  message,
});
