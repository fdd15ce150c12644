/** Who can mend what a code says. */
export type AtFault = 'merchant' | 'payer' | 'operator' | 'platform';

/** May the same thing be tried again: at once, with another body or number, after a while, or not at all. */
export type Retry = 'yes' | 'after-correction' | 'later' | 'no';

export type CodeFacts = {
  readonly message: string;
  /** Set where the code can be the answer to a request; without it, the code only travels in callbacks and status. */
  readonly httpStatus?: number;
  readonly fault: AtFault;
  readonly retry: Retry;
};

/**
 * Every code of the mobile path, with the registry's message. Messages are wire constants of the family: merchants
 * match on them.
 */
export const gateCodes = {
  '0': { message: 'Success', fault: 'platform', retry: 'no' },
  '100': { message: 'General decline', fault: 'platform', retry: 'later' },
  '301': { message: 'Cancelled', fault: 'payer', retry: 'yes' },
  '303': { message: 'Access denied', httpStatus: 403, fault: 'merchant', retry: 'after-correction' },
  '310': {
    message: 'This operation is not allowed by project settings',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '314': { message: 'Provider is not available now to perform the operation', fault: 'operator', retry: 'later' },
  '501': { message: 'Internal error', httpStatus: 500, fault: 'platform', retry: 'later' },
  '502': { message: 'Validation error', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '601': { message: 'Try again', fault: 'platform', retry: 'yes' },
  '602': { message: 'Network error', fault: 'platform', retry: 'yes' },
  '603': { message: 'Auto decline', fault: 'payer', retry: 'yes' },
  '702': { message: 'Malformed request', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '1421': { message: 'RCS reject. Invalid amount', fault: 'merchant', retry: 'no' },
  '1422': { message: 'RCS reject. Amount limit exceeded', fault: 'payer', retry: 'no' },
  '1433': { message: 'RCS reject. Count limit exceeded', fault: 'payer', retry: 'no' },
  '2003': { message: 'Invalid JSON string', httpStatus: 422, fault: 'merchant', retry: 'after-correction' },
  '2004': { message: 'Required field not provided', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '2124': { message: 'Invalid Customer ID', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '2147': { message: 'Lock Error', httpStatus: 400, fault: 'platform', retry: 'later' },
  '2426': { message: 'Invalid Email', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '2442': { message: 'Project ID not found', httpStatus: 404, fault: 'merchant', retry: 'after-correction' },
  '2541': { message: 'Unknown Payment Method', httpStatus: 404, fault: 'merchant', retry: 'after-correction' },
  '2610': { message: 'Invalid Country', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '2642': {
    message: 'Operation amount is greater than limit',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3023': {
    message: 'Provided currency disabled for Project ID',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3024': { message: 'Invalid Payment ID', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3026': { message: 'Internal Decline', fault: 'platform', retry: 'later' },
  '3028': { message: 'Insufficient funds on merchant balance', fault: 'merchant', retry: 'later' },
  '3041': { message: 'Payment ID already exists', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3060': {
    message: 'Current payment or operation status does not allow this action',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'later',
  },
  '3061': { message: 'Transaction not found', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3062': { message: 'Payment details not received', httpStatus: 200, fault: 'platform', retry: 'later' },
  '3121': { message: 'Invalid currency', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3230': {
    message: 'The operation with such merchant_refund_id already exists',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3261': { message: 'Invalid signature', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3262': { message: 'Empty signature', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3283': {
    message: 'Refund amount more than init amount',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3284': {
    message: 'Refund currency mismatched or empty',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3285': {
    message: 'Cannot make refund because of timeout block for repeat refund',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'later',
  },
  '3286': { message: 'The property amount is required', httpStatus: 400, fault: 'merchant', retry: 'after-correction' },
  '3287': {
    message: 'The property currency is required',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3358': {
    message: 'Operation amount is less than limit',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3609': {
    message: 'Operation amount must be equal to the initial amount',
    httpStatus: 400,
    fault: 'merchant',
    retry: 'after-correction',
  },
  '3610': { message: 'Refund unavailable for the current operation', httpStatus: 400, fault: 'operator', retry: 'no' },
  '3613': { message: 'Duplicate operation', fault: 'payer', retry: 'later' },
  '9999': { message: 'Awaiting processing', fault: 'platform', retry: 'no' },
  '20000': { message: 'General decline', fault: 'operator', retry: 'yes' },
  '20100': { message: 'Declined by external provider', fault: 'operator', retry: 'yes' },
  '20101': { message: 'Decline due to amount or frequency limit', fault: 'payer', retry: 'later' },
  '20102': { message: 'Incorrect account data entered', fault: 'payer', retry: 'after-correction' },
  '20103': { message: 'Incorrect login or password', fault: 'payer', retry: 'after-correction' },
  '20104': { message: 'Password attempts entry exceeded', fault: 'payer', retry: 'yes' },
  '20105': { message: 'Insufficient funds on customer account', fault: 'payer', retry: 'yes' },
  '20106': { message: 'Customer account is no longer available', fault: 'payer', retry: 'after-correction' },
  '20201': { message: 'Restrictions for the customer account', fault: 'payer', retry: 'after-correction' },
  '20202': { message: 'PSP system is unavailable', fault: 'operator', retry: 'yes' },
  '20206': { message: 'Difficulties on the mobile operator side', fault: 'operator', retry: 'later' },
  '20301': { message: 'Account owner cancelled operation', fault: 'payer', retry: 'yes' },
  '20302': { message: 'Unacceptable password', fault: 'payer', retry: 'after-correction' },
  '20602': { message: 'Time-out', fault: 'operator', retry: 'yes' },
  '20604': { message: 'Notification is not delivered', fault: 'operator', retry: 'later' },
} as const satisfies Record<string, CodeFacts>;

/** A code as it stands on the wire: always a string. */
export type GateCode = keyof typeof gateCodes;

export const isGateCode = (code: string): code is GateCode => Object.hasOwn(gateCodes, code);

/** What is known of a code, with the optional facts readable for every one of them. */
export const factsOf = (code: GateCode): CodeFacts => gateCodes[code];
