import type { GateCode } from '@rocketpay/core/errors.ts';
import { renderFaults } from '../answers.ts';
import { pageParameters } from '../page-table.ts';
import type { PageParameter } from '../page-table.ts';

const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
const json = (schema: object, example: object): object => ({
  'application/json': { schema, examples: { example: { value: example } } },
});

const refused = (description: string, code: GateCode, field: string, constraint: string, says: string): object => ({
  description,
  headers,
  content: json(
    { $ref: '#/components/schemas/Refusal' },
    renderFaults([{ code, message: `${field} ${says}`, field, constraint }]),
  ),
});

const parameters = (Object.entries(pageParameters) as [string, PageParameter][]).map(([name, parameter]) => ({
  name,
  in: 'query',
  required: parameter.required === true,
  description: [parameter.says, parameter.kind.expected].filter(Boolean).join('; '),
  schema: { type: 'string' },
}));

const signature = {
  name: 'signature',
  in: 'query',
  description: 'looked at only where it is given',
  schema: { type: 'string' },
};

/** `GET /params/check`, from the table by which the Payment Page judges its links. */
export const pageCheck = {
  tags: ['Payment Page'],
  operationId: 'checkPageParameters',
  summary: 'What the Payment Page would refuse of a link',
  description: 'With the parameters of the link, signed or not. It stores nothing and shows the payer nothing.',
  security: [],
  parameters: [...parameters, signature],
  responses: {
    '200': {
      description: 'The page would open.',
      headers,
      content: json(
        { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['success'] } } },
        { status: 'success' },
      ),
    },
    '400': refused(
      'A parameter is missing or wrong, or the signature is.',
      '2004',
      'customer_email',
      'required',
      'is required, and must be an email address',
    ),
    '404': refused('There is no such project.', '2442', 'project_id', 'exists', 'is no project of this platform'),
  },
};
