import type { Texts } from './translate.ts';

/** What the members of a request mean, where their names do not say it. */
export const requestTexts: Texts = {
  general: 'Whose request it is, for which payment, and its signature.',
  'general.project_id': 'The project’s id.',
  'general.payment_id': 'The merchant’s own id of the payment: unique in the project, case-insensitive.',
  'general.signature': 'HMAC-SHA-512 over the whole body without this member, in base64; see the guide on signing.',
  'general.merchant_callback_url': 'Where callbacks of this payment go instead of the project’s address.',
  'general.merchant_success_callback_url': 'The same for the callback of a paid purchase.',
  'general.merchant_decline_callback_url': 'The same for the callback of a declined purchase.',
  'general.terminal_callback_url': 'Taken and not used.',
  'general.referrer_url': 'Taken and not used.',
  customer: 'The payer.',
  'customer.id': 'The merchant’s own id of the payer.',
  'customer.ip_address': 'The payer’s address.',
  'account.number': 'The payer’s number, digits only, country code first.',
  'account.service_provider': 'The id of the operator, if the payer named it; an unknown one is ignored.',
  'payment.amount': 'Minor units: 100000 is 1000.00 KZT.',
  'payment.currency': 'ISO 4217.',
  'payment.description': 'Repeated in callbacks.',
  'payment.best_before': 'The payment is declined at this time, if it is still open.',
  'payment.merchant_refund_id': 'Makes a refund repeatable: the same body gets the first answer, another one 3230.',
  return_url: 'Taken, for the Payment Page.',
  callback: 'How the results of this request are told.',
  'callback.delay': 'Seconds by which a result is held back; never the wish for a code.',
  'callback.force_disable': 'Stops all callbacks of the payment; ask for the status then.',
  interface_type: 'Who sends; plugins do.',
  receipt_data: 'Taken, for a receipt.',
  'additional_data.additional_data.approval_code': 'The code that the payer received.',
  service_provider: 'Which operators are asked for; all without it.',
  'service_provider.code': 'The operator’s id.',
  destination: 'Who asks.',
  request_id: 'The `request_id` of the answer to a sale or refund.',
  directions: 'Purchases are `payin`.',
  payment_method: 'Only this one; the mobile balance is `mobile`.',
  show_unavailable_methods_by_rules: 'Also a method that no operator takes now.',
  payment_method_list: 'The methods in question.',
};

const answers: Texts = {
  'payment.id': 'The merchant’s id, as the merchant wrote it.',
  'payment.status': 'Where the payment stands. New words may be added.',
  'payment.date': 'Time of the last change of status, UTC.',
  'payment.sum': 'What was asked for, less what was refunded, in minor units.',
  'payment.description': 'Empty where the request had none.',
  'payment.merchant_data': 'What the Payment Page’s link had in `merchant_data`; absent where it had none.',
  'payment.is_new_attempts_available': 'Whether the payer of a declined attempt may try again on the Payment Page.',
  'payment.attempts_timeout': 'Seconds in which the payer may.',
  'payment.merchant_refund_id': 'Of the refund that this callback tells of, where the merchant gave it one.',
  'operation.id': 'Outgrows 32 bits.',
  'operation.request_id': 'The `request_id` of the answer to the request that began this operation.',
  'operation.sum_initial': 'What this operation is about, in minor units.',
  'operation.sum_converted': 'Equal to `sum_initial`: nothing is converted.',
  'operation.code':
    '`0` is success, `9999` is in work, the rest say why not: see the guide on codes. New ones may be added.',
  'operation.message': 'The registry’s text of the code.',
  'operation.provider.payment_id': 'The operator’s own id; empty until it answered.',
  operations: 'Every operation of the payment, oldest first.',
  'account.number': 'The payer’s number.',
  'account.type': 'The operator’s id; empty while it is not known.',
  clarification_fields: 'What the payer must give: a code.',
  clarification_info: 'Why, and for how long. What is not known is left out.',
  'clarification_info.attempts_left': 'Codes that may still be tried.',
  'clarification_info.expires_at': 'The end of the code’s life, as the operator says.',
  'clarification_info.resend_allowed_at': 'From then on a new code may be asked for.',
  'clarification_info.resends_left': 'New codes that may still be asked for.',
  signature: 'HMAC-SHA-512 under the project’s secret over the rest of the body, in base64.',
  request_id: 'Of this request: the operation that it began carries the same.',
  code: 'The code of the first fault; always a string. See the guide on codes.',
  message: 'The text of the code. Says when or why for 3060 and 3283.',
  errors: 'Every fault.',
  'errors.field': 'Path with dots; empty for the body as a whole.',
  'errors.constraint': 'What was not kept, in one word.',
};

const underOperations = Object.entries(answers)
  .filter(([path]) => path.startsWith('operation.'))
  .map(([path, text]) => [path.replace('operation.', 'operations.'), text]);

/** What the members of callbacks and answers mean; those of an operation mean the same in a list of operations. */
export const answerTexts: Texts = { ...answers, ...Object.fromEntries(underOperations) };
