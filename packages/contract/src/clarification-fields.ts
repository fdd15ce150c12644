import type { ClarificationReason } from '@rocketpay/core/payment/payment.ts';

export const clarificationForms = ['list', 'schema'] as const;
export type ClarificationForm = (typeof clarificationForms)[number];

/** What was wrong with the last code, for the reasons that say so. */
const faults: Partial<Record<ClarificationReason, { readonly message: string; readonly constraint: string }>> = {
  code_wrong: { message: 'The code is wrong', constraint: 'wrong' },
  code_expired: { message: 'The code has expired', constraint: 'expired' },
  enter_again: { message: 'The property approval_code is required', constraint: 'required' },
};

/** The names of the members wanted, as the family's older fixtures have them. */
const listForm = { additional_data: ['approval_code'] };

/** A schema of the members wanted, with what was wrong with the last ones, as the family's newer fixtures have it. */
const schemaForm = (reason: ClarificationReason) => {
  const fault = faults[reason];
  return {
    additional_data: {
      type: 'object',
      description: 'What the customer received from the operator',
      properties: {
        approval_code: { type: 'string', minLength: 1, maxLength: 20, description: 'The code of the text message' },
      },
      required: ['approval_code'],
      ...(fault && { errors: [{ property: 'additional_data.approval_code', ...fault }] }),
    },
  };
};

/** What is wanted of the payer, in the form that the project has chosen; where to answer is the same path in both. */
export const renderClarificationFields = (form: ClarificationForm, reason: ClarificationReason) =>
  form === 'schema' ? schemaForm(reason) : listForm;
