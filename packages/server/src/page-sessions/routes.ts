import { renderFaults } from '@rocketpay/contract/answers.ts';
import { readPageForm } from '@rocketpay/contract/page-form.ts';
import { openPageLink } from '@rocketpay/contract/page-link.ts';
import type { OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.ts';
import type { Door } from '../http/gate.ts';
import type { Log } from '../log.ts';
import { createAnswers, type Answers, type PageRenderer } from './answers.ts';
import { assetRoutes, logoRoute } from './asset-routes.ts';
import { bodyOf } from './bodies.ts';
import { eventRoute, type EventParts } from './events.ts';
import type { PageSessions, Visitor } from './sessions.ts';
import type { PageSettingsReader } from './settings.ts';
import { stepRoutes } from './step-routes.ts';
import { pageModel } from './view.ts';

export interface PageRouteParts extends EventParts {
  readonly pages: PageSessions;
  readonly door: Pick<Door, 'projects' | 'trustedProxies'>;
  readonly settings: PageSettingsReader;
  readonly renderer: PageRenderer;
  readonly log: Log;
  readonly sandbox: boolean;
}

/** What routes of this room share. */
export interface PageContext extends PageRouteParts {
  readonly answers: Answers;
  visitorOf(request: FastifyRequest, opened: OpenedAs): Visitor;
  /** Runs a handler; whatever it throws is logged, and the payer sees a calm page. */
  calmly(handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): typeof handler;
}

/** The Payment Page's HTTP: links, sessions, their steps, the events, and the files beside them. */
export async function pageRoutes(app: FastifyInstance, parts: PageRouteParts): Promise<void> {
  const { renderer, door, settings, sandbox, log } = parts;
  const { projects, trustedProxies } = door;
  const answers = createAnswers(renderer, sandbox);
  const context: PageContext = {
    ...parts,
    answers,
    visitorOf: (request, opened) => ({
      opened,
      browserLanguage: request.headers['accept-language'],
      address:
        clientAddress(trustedProxies, request.raw.socket.remoteAddress, request.headers['x-forwarded-for']) ??
        'unknown',
      userAgent: request.headers['user-agent'] ?? '',
    }),
    calmly: (handler) => async (request, reply) => {
      try {
        return await handler(request, reply);
      } catch (error) {
        log.error({ err: error, requestId: request.id, path: request.routeOptions.url }, 'a page failed');
        return answers.error(request, reply, { status: 500 });
      }
    },
  };
  linkRoutes(app, context);
  stepRoutes(app, context);
  eventRoute(app, context);
  logoRoute(app, async (projectId) => (await projects.find(projectId)) !== null, settings);
  await assetRoutes(app, renderer.assets.all);
}

const queryOf = (request: FastifyRequest): string => {
  const at = request.url.indexOf('?');
  return at < 0 ? '' : request.url.slice(at + 1);
};

const frames: Readonly<Record<string, OpenedAs>> = { popup: 'popup', iframe: 'iframe', embedded: 'embedded' };

function linkRoutes(app: FastifyInstance, { pages, door, settings, answers, visitorOf, calmly }: PageContext): void {
  async function open(request: FastifyRequest, reply: FastifyReply, encoded: string): Promise<FastifyReply> {
    const { form, faults } = readPageForm(encoded);
    const opened = frames[String(form['frame_mode'])] ?? 'tab';
    const result = await pages.open(form, faults, visitorOf(request, opened));
    if (result.kind === 'refused') {
      const asked = form['language_code'];
      return answers.error(request, reply, { ...result, ...(typeof asked === 'string' && asked !== '' && { asked }) });
    }
    const { standing } = result;
    return answers.page(request, reply, pageModel(standing), standing.settings.framingOrigins);
  }

  app.get(
    '/payment',
    calmly((request, reply) => open(request, reply, queryOf(request))),
  );
  app.post(
    '/payment',
    calmly((request, reply) => open(request, reply, bodyOf(request))),
  );

  app.get('/params/check', async (request, reply) => {
    const { form, faults } = readPageForm(queryOf(request));
    const refused = await pages.check(form, faults);
    if (!refused) return { status: 'success' };
    return reply.status(refused.status).send(renderFaults(refused.faults));
  });

  app.get(
    '/:project(^[1-9][0-9]{0,9}$)/*',
    calmly(async (request, reply) => {
      const { project, '*': token } = request.params as { project: string; '*': string };
      const known = await door.projects.find(Number(project));
      const key = known && (await settings(known.projectId)).encryptionKey;
      if (!key) return answers.error(request, reply, { status: 404 });
      const query = openPageLink(token, key);
      if (query === undefined) return answers.error(request, reply, { status: 400, faults: [undecipherable] });
      // The widget adds what it knows of the frame outside the token.
      const frame = new URLSearchParams(queryOf(request)).get('frame_mode');
      const { form } = readPageForm(query);
      if (form['project_id'] !== project) return answers.error(request, reply, { status: 404 });
      return open(
        request,
        reply,
        frame === null || 'frame_mode' in form ? query : `${query}&frame_mode=${encodeURIComponent(frame)}`,
      );
    }),
  );
}

const undecipherable = {
  code: '702',
  message: 'The link cannot be decrypted with the project’s encryption key',
  field: '',
  constraint: 'encryption',
} as const;
