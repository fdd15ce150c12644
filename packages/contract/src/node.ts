import type { GateCode } from '@rocketpay/core/errors.ts';
import type { FormatName } from './formats.ts';

/** What a reader knows of a schema: JSON Schema's words, and ours, which begin with `x-`. */
export type Node = {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Node;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: FormatName;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Node[];
  /** Of a member that is missing; 2004 unless told. */
  readonly 'x-missing-code'?: GateCode;
  /** Of a string that is too short; that of a malformed one unless told. */
  readonly 'x-empty-code'?: GateCode;
  /** Of anything else that is wrong with the member; 502 unless told. */
  readonly 'x-code'?: GateCode;
  /** Ends the sentence "… must be", where the other words cannot. */
  readonly 'x-expected'?: string;
};
