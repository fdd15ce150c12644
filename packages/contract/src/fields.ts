import { Type } from 'typebox';

export const maxAmountMinor = 10_000_000_000_000;

export const text = (maxLength: number) => Type.String({ maxLength });
export const filledText = (maxLength: number) => Type.String({ minLength: 1, maxLength });
export const country = Type.String({
  pattern: '^[A-Z]{2}$',
  'x-code': '2610',
  'x-expected': 'a country as two capital letters (ISO 3166-1)',
});

export const currency = Type.String({
  pattern: '^[A-Z]{3}$',
  format: 'currency',
  'x-code': '3121',
});

export const amount = Type.Integer({ minimum: 1, maximum: maxAmountMinor });

export const accountNumber = Type.String({
  pattern: '^[0-9]{4,24}$',
  'x-expected': 'a number of 4 to 24 digits with the country code first and nothing between',
});

export const paymentId = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[^ \\t\\0\\v\\n\\r](?:[\\s\\S]*[^ \\t\\0\\v\\n\\r])?$',
  'x-code': '3024',
  'x-expected': 'a string of 1 to 255 characters that neither begins nor ends with white space',
});

export const ipAddress = Type.String({ minLength: 1, maxLength: 255, format: 'ip' });
export const customerId = Type.String({ minLength: 1, maxLength: 255, 'x-code': '2124' });
export const email = Type.String({ minLength: 1, maxLength: 255, format: 'email', 'x-code': '2426' });
