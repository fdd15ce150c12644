import { createHash } from 'node:crypto';
import {
  parseStrictHeader,
  STRICT_HEADER,
  STRICT_TOLERANCE_S,
  strictText,
  verifyStrict,
} from '@rocketpay/contract/strict-signature.ts';
import type { GateCode } from '@rocketpay/core/errors.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Project, ProjectSecret } from '../projects/projects.ts';
import type { Answer, StrictCall, StrictRequests } from '../strict-requests/strict-requests.ts';
import { ApiError } from './api-error.ts';

const headerName = STRICT_HEADER.toLowerCase();

const faultOf = (code: GateCode, constraint: string, says: string) => ({
  code,
  message: `${STRICT_HEADER} ${says}`,
  field: STRICT_HEADER,
  constraint,
});

function refuse(project: Project, code: GateCode, constraint: string, says: string): never {
  throw ApiError.unsigned([faultOf(code, constraint, says)], project.projectId);
}

/**
 * The strict signature of a request, judged: under the secret that the signature in its body was made with, and by its time.
 * Null where there is none and none is needed; a wrong one is refused even then, so that a client may always send it.
 */
export function readStrict(
  request: FastifyRequest,
  project: Project,
  secret: ProjectSecret,
  now: number,
): StrictCall | null {
  const header = request.headers[headerName];
  if (header === undefined) {
    if (project.strict) refuse(project, '3262', 'required', 'is required: this project is in strict mode');
    return null;
  }
  const signature = typeof header === 'string' ? parseStrictHeader(header) : null;
  if (!signature) {
    refuse(project, '3261', 'format', 'must be t=<unix seconds>,n=<nonce of 1 to 128 characters>,v1=<64 hex digits>');
  }
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const signed = { method: request.method, path: request.raw.url ?? '', body };
  if (!verifyStrict(signed, signature, secret.strictKey)) {
    refuse(project, '3261', 'signature', 'does not fit this method, path, body, t and n under the project’s secret');
  }
  const aheadS = signature.t - Math.floor(now / 1_000);
  if (Math.abs(aheadS) > STRICT_TOLERANCE_S) {
    const off = aheadS > 0 ? `${aheadS} s ahead of` : `${-aheadS} s behind`;
    refuse(project, '3261', 'time', `has a t ${off} the platform’s clock; at most ${STRICT_TOLERANCE_S} s are taken`);
  }
  const digest = createHash('sha256').update(strictText(signed, signature)).digest('hex');
  return { projectId: project.projectId, nonce: signature.nonce, digest, t: signature.t };
}

/** What `answer` says, or the refusal it throws; both are the request's one answer. */
async function settle(reply: FastifyReply, answer: () => Promise<object | string>): Promise<Answer> {
  try {
    const body = await answer();
    return { status: reply.statusCode, body: typeof body === 'string' ? body : JSON.stringify(body) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.httpStatus, body: JSON.stringify(error.body) };
  }
}

/** Answers a request once: its repeat gets what it got, and moves nothing. */
export async function answerStrict(
  { strictRequests }: { readonly strictRequests: Pick<StrictRequests, 'answerOnce'> },
  call: StrictCall,
  reply: FastifyReply,
  answer: (firstAskedAt: number | null) => Promise<object | string>,
): Promise<FastifyReply> {
  const answered = await strictRequests.answerOnce(call, (firstAskedAt) => settle(reply, () => answer(firstAskedAt)));
  switch (answered.kind) {
    case 'answered':
      return reply.status(answered.answer.status).send(answered.answer.body);
    case 'nonce_taken':
      throw ApiError.faults([faultOf('3261', 'nonce', 'has a nonce that came with another request; make a new one')]);
    case 'not_kept':
      throw ApiError.faults([
        faultOf('3261', 'nonce', 'was answered, at a length that is not kept; ask again with a new nonce'),
      ]);
    case 'busy':
      throw ApiError.faults([faultOf('2147', 'busy', 'is being answered; send it again in some seconds')]);
  }
}
