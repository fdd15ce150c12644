import type { KeyObject } from 'node:crypto';
import type { Fault, Parsed } from '@rocketpay/contract/fault.ts';
import { parseJson, type JsonObject, type JsonValue } from '@rocketpay/contract/json.ts';
import { decoySecret, findSecret, isSignatureForm, type Secret } from '@rocketpay/contract/signature.ts';
import { gateCodes } from '@rocketpay/core/errors.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { createNetworks, type Networks } from '../networks.ts';
import type { Project, Projects, ProjectSecret, SecretUses } from '../projects/projects.ts';
import type { StrictRequests } from '../strict-requests/strict-requests.ts';
import { ApiError } from './api-error.ts';
import { clientAddress } from './client-address.ts';
import { answerStrict, readStrict } from './strict.ts';

/** What Gate's door needs of the platform. */
export interface Door {
  readonly projects: Projects;
  readonly secretUses: Pick<SecretUses, 'note'>;
  /** Proxies that are believed when they say whom they speak for. */
  readonly trustedProxies: Networks;
  readonly strictRequests: Pick<StrictRequests, 'answerOnce'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface GateCall<Request> {
  readonly value: Request;
  /** The decoded body, for its canonical string. */
  readonly body: JsonObject;
  readonly project: Project;
  /** Of the project's secrets the one that the request was signed with: an answer is signed with it too. */
  readonly secret: KeyObject;
  /**
   * When this very request was begun by somebody who is gone without an answer; null for every other one. What was done
   * since then may be its work.
   */
  readonly firstAskedAt: number | null;
}

/** What every Gate request has. */
interface Signed {
  readonly projectId: number;
  readonly signature: string;
}

/** Where a body says whose it is, and has its signature. */
export type SignedAt = 'general' | 'root';

const badSignature = (at: SignedAt): Fault => ({
  code: '3261',
  message: gateCodes['3261'].message,
  field: at === 'root' ? 'signature' : 'general.signature',
  constraint: 'signature',
});

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

interface Signer {
  readonly project: Project;
  readonly secret: ProjectSecret;
}

/** While a project changes over it has this many. */
const MOST_SECRETS = 2;

/** Whose secret the body is signed with; a no costs the same work whether the project is unknown or has one secret or two. */
async function findSigner(
  projects: Projects,
  body: JsonValue,
  { projectId, signature }: Signed,
): Promise<Signer | null> {
  const project = await projects.find(projectId);
  const keys: Secret[] = project?.secrets.map(({ key }) => key) ?? [];
  while (keys.length < MOST_SECRETS) keys.push(decoySecret);
  // Looked for whether there is a project or not: within `project?.secrets[…]` it would not be.
  const place = findSecret(body, signature, keys);
  const secret = project?.secrets[place];
  return project && secret ? { project, secret } : null;
}

const allowLists = new WeakMap<Project, Networks>();

/** Asked only for a request that is known to be the project's own, so that nobody else learns of its list. */
function checkAddress(door: Door, project: Project, request: FastifyRequest): void {
  if (project.allowedNetworks.length === 0) return;
  const allowed = allowLists.get(project) ?? createNetworks(project.allowedNetworks);
  allowLists.set(project, allowed);
  const { remoteAddress } = request.raw.socket;
  const address = clientAddress(door.trustedProxies, remoteAddress, request.headers['x-forwarded-for']);
  if (address === null || !allowed.include(address)) throw ApiError.forbidden(project.projectId, address);
}

/** A body that is wrong anyway is not worth much work: beyond this size its signature is not looked at. */
const CHECKED_THOUGH_FAULTY_BYTES = 16_384;

/** The members a signature needs, where a body that is otherwise wrong has them. */
function signedPart(body: JsonValue, at: SignedAt): Signed | null {
  const general = typeof body === 'object' && body !== null && 'general' in body ? body.general : null;
  const part = at === 'root' ? body : general;
  if (typeof part !== 'object' || part === null) return null;
  const { project_id: projectId, signature } = part as Record<string, unknown>;
  if (typeof projectId !== 'number' || typeof signature !== 'string' || !isSignatureForm(signature)) return null;
  return { projectId, signature };
}

/**
 * Registers one Gate endpoint: form first, with all its faults, then the signature, then whatever `answer` does with a
 * request that is known to be the project's own.
 */
export function gateRoute<Request extends Signed>(
  app: FastifyInstance,
  door: Door,
  path: string,
  parse: (body: JsonValue) => Parsed<Request>,
  answer: (call: GateCall<Request>, reply: FastifyReply) => Promise<object | string>,
  signedAt: SignedAt = 'general',
): void {
  app.post(path, async (request, reply) => {
    const body = readBody(request);
    const parsed = parse(body);
    if (!parsed.ok) {
      const small = request.body instanceof Uint8Array && request.body.length <= CHECKED_THOUGH_FAULTY_BYTES;
      const signed = small ? signedPart(body, signedAt) : null;
      const alsoUnsigned = signed !== null && !(await findSigner(door.projects, body, signed));
      if (alsoUnsigned) throw ApiError.unsigned([...parsed.faults, badSignature(signedAt)], signed.projectId);
      throw ApiError.faults(parsed.faults);
    }
    const signer = await findSigner(door.projects, body, parsed.value);
    if (!signer) throw ApiError.unsigned([badSignature(signedAt)], parsed.value.projectId);
    const { project, secret } = signer;
    checkAddress(door, project, request);
    door.secretUses.note(project.projectId, secret.secretNo);
    const strict = readStrict(request, project, secret, door.clock.now());
    const call = { value: parsed.value, body: body as JsonObject, project, secret: secret.key };
    reply.type('application/json; charset=utf-8');
    if (strict === null) return reply.send(await answer({ ...call, firstAskedAt: null }, reply));
    return answerStrict(door, strict, reply, (firstAskedAt) => answer({ ...call, firstAskedAt }, reply));
  });
}
