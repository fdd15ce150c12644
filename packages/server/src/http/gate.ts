import type { Fault, Parsed } from '@rocketpay/contract/fault.ts';
import { parseJson, type JsonObject, type JsonValue } from '@rocketpay/contract/json.ts';
import { decoySecret, isSignatureForm, verifyMessage } from '@rocketpay/contract/signature.ts';
import { gateCodes } from '@rocketpay/core/errors.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Project, Projects } from '../projects/projects.ts';
import { ApiError } from './api-error.ts';

export interface GateCall<Request> {
  readonly value: Request;
  /** The decoded body, for its canonical string. */
  readonly body: JsonObject;
  readonly project: Project;
}

/** What every Gate request has. */
interface Signed {
  readonly projectId: number;
  readonly signature: string;
}

const badSignature: Fault = {
  code: '3261',
  message: gateCodes['3261'].message,
  field: 'general.signature',
  constraint: 'signature',
};

/** Reads the body as it came: no Content-Type is asked for, and numbers keep their digits. */
export function readBody(request: FastifyRequest): JsonValue {
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const parsed = parseJson(bytes);
  if (parsed.ok) return parsed.value;
  if (parsed.reason === 'too-deep') {
    throw ApiError.faults([{ code: '702', message: 'The body is nested too deep', field: '', constraint: 'maxDepth' }]);
  }
  throw ApiError.unreadable(422, '2003');
}

/** The signature under the project's secret; an unknown project costs the same work and gives the same answer. */
async function findSigner(
  projects: Projects,
  body: JsonValue,
  { projectId, signature }: Signed,
): Promise<Project | null> {
  const project = await projects.find(projectId);
  const holds = verifyMessage(body, signature, project?.secret ?? decoySecret);
  return project && holds ? project : null;
}

/** A body that is wrong anyway is not worth much work: beyond this size its signature is not looked at. */
const CHECKED_THOUGH_FAULTY_BYTES = 16_384;

/** The members a signature needs, where a body that is otherwise wrong has them. */
function signedPart(body: JsonValue): Signed | null {
  const general = typeof body === 'object' && body !== null && 'general' in body ? body.general : null;
  if (typeof general !== 'object' || general === null) return null;
  const { project_id: projectId, signature } = general as Record<string, unknown>;
  if (typeof projectId !== 'number' || typeof signature !== 'string' || !isSignatureForm(signature)) return null;
  return { projectId, signature };
}

/**
 * Registers one Gate endpoint: form first, with all its faults, then the signature, then whatever `answer` does with a
 * request that is known to be the project's own.
 */
export function gateRoute<Request extends Signed>(
  app: FastifyInstance,
  projects: Projects,
  path: string,
  parse: (body: JsonValue) => Parsed<Request>,
  answer: (call: GateCall<Request>, reply: FastifyReply) => Promise<object | string>,
): void {
  app.post(path, async (request, reply) => {
    const body = readBody(request);
    const parsed = parse(body);
    if (!parsed.ok) {
      const small = request.body instanceof Uint8Array && request.body.length <= CHECKED_THOUGH_FAULTY_BYTES;
      const signed = small ? signedPart(body) : null;
      const alsoUnsigned = signed !== null && !(await findSigner(projects, body, signed));
      if (alsoUnsigned) throw ApiError.unsigned([...parsed.faults, badSignature], signed.projectId);
      throw ApiError.faults(parsed.faults);
    }
    const project = await findSigner(projects, body, parsed.value);
    if (!project) throw ApiError.unsigned([badSignature], parsed.value.projectId);
    const answered = await answer({ value: parsed.value, body: body as JsonObject, project }, reply);
    return reply.type('application/json; charset=utf-8').send(answered);
  });
}
