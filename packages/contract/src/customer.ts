import { Type } from 'typebox';
import { country, customerId, email, ipAddress, text as plainText } from './fields.ts';

const text = (maxLength: number) => Type.Optional(plainText(maxLength));
const digits = Type.Optional(Type.String({ pattern: '^[0-9]{4,24}$', 'x-expected': 'a number of 4 to 24 digits' }));
const anyObject = Type.Optional(Type.Object({}));

export const customerMembers = {
  id: Type.Optional(customerId),
  ip_address: Type.Optional(ipAddress),
  first_name: text(255),
  last_name: text(255),
  middle_name: text(255),
  email: Type.Optional(email),
  phone: digits,
  home_phone: digits,
  work_phone: digits,
  country: Type.Optional(country),
  city: text(256),
  state: text(256),
  day_of_birth: Type.Optional(Type.String({ format: 'day' })),
  iin: text(255),
  language: text(255),
  address: text(255),
  zip: text(255),
  street: text(255),
  building: text(255),
  district: text(255),
  browser: text(512),
  device_type: text(255),
  device_id: text(255),
  screen_res: text(255),
  session_id: text(255),
  identification_level: text(255),
  gender: Type.Optional(Type.Enum(['male', 'female'])),
  save: Type.Optional(Type.Boolean()),
  identify: Type.Optional(
    Type.Object({
      doc_number: text(255),
      doc_type: text(255),
      doc_issue_date: text(255),
      doc_issue_by: text(255),
      doc_issue_country: text(255),
    }),
  ),
  billing: anyObject,
  account: anyObject,
  shipping: anyObject,
};

/** The payer, where an endpoint asks for nothing of them. */
export const customer = Type.Object(customerMembers);
