import { CONSENT_VERSION } from '@rocketpay/payment-page/consent.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOperatorId } from '@rocketpay/core/operators/operator.ts';
import type { Stepped, Visitor } from './sessions.ts';
import { bodyOf } from './bodies.ts';
import type { PageContext } from './routes.ts';
import { openedBy } from './standing.ts';
import { tokenForm } from './tokens.ts';
import { pageModel, turnOf, turnOfVersion, type Standing, type Tried } from './view.ts';

/** What a form of the page holds; see the model for which. */
interface Filled {
  readonly version: string;
  readonly field: (name: string) => string;
}

type Step = (standing: Standing, visitor: Visitor, filled: Filled) => Promise<Stepped | null>;

const MAX_FORM_BYTES = 16_384;
/** Steps that mean the same whatever the screen has become meanwhile. */
const timeless: ReadonlySet<string> = new Set(['language', 'method']);

/** Steps by which the payer agrees to a text: only to the one that is in force, which the screen then shows. */
const agreed: ReadonlySet<string> = new Set(['number', 'code']);

/** Whether a post comes from our own page. Browsers of payers' phones say so; the token in the path is what nobody else has. */
function isOwn({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = headers;
  // A page without a referrer posts its forms with the origin `null`.
  return origin === undefined || origin === 'null' || (URL.canParse(origin) && new URL(origin).host === host);
}

/** The page of a session, its fragment, and each of its forms. */
export function stepRoutes(app: FastifyInstance, context: PageContext): void {
  const { pages, answers, visitorOf, calmly } = context;

  const steps: Readonly<Record<string, Step>> = {
    method: (standing, _, { field }) => pages.chooseMethod(standing, field('method')),
    number: (standing, visitor, { field }) =>
      pages.giveNumber(standing, visitor, { number: field('number'), operator: field('operator') }),
    code: (standing, visitor, { field }) => pages.giveCode(standing, visitor, field('code')),
    resend: (standing) => pages.resend(standing),
    'change-number': (standing) => pages.changeNumber(standing),
    'try-again': (standing, visitor) => pages.tryAgain(standing, visitor),
    leave: (standing) => pages.leave(standing),
    language: (standing, _, { field }) => pages.switchLanguage(standing, field('language'), heldIn(field)),
  };

  async function standingOf(request: FastifyRequest): Promise<{ standing: Standing; visitor: Visitor } | Refused> {
    const { letter, token } = request.params as { letter: string; token: string };
    const opened = openedBy(letter);
    if (!opened) return { status: 404 };
    const visitor = visitorOf(request, opened);
    const found = await pages.find(token, visitor);
    if (!found) return { status: 404 };
    return found.kind === 'refused' ? found : { standing: found.standing, visitor };
  }

  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    standing: Standing,
    tried: Tried | undefined,
    status: number,
  ): Promise<FastifyReply> => {
    const model = pageModel(standing, tried);
    return isFragment(request)
      ? answers.fragment(request, reply, model, status)
      : answers.page(request, reply, model, standing.settings.framingOrigins, status);
  };

  app.get(
    '/payment/:letter(^[spie]$)/:token',
    calmly(async (request, reply) => {
      const found = await standingOf(request);
      if ('status' in found) return answers.error(request, reply, found);
      return show(request, reply, found.standing, undefined, 200);
    }),
  );

  app.get(
    '/payment/:letter(^[spie]$)/:token/screen',
    calmly(async (request, reply) => {
      const found = await standingOf(request);
      if ('status' in found) return answers.error(request, reply, found);
      const model = pageModel(found.standing);
      const { version } = request.query as { version?: unknown };
      return version === model.version ? reply.status(204).send() : answers.fragment(request, reply, model);
    }),
  );

  for (const [name, step] of Object.entries(steps)) {
    // Where a form was answered with its faults, the browser keeps the form's address, and asks for it anew once it was away.
    app.get(`/payment/:letter(^[spie]$)/:token/${name}`, async (request, reply) => {
      const { letter, token } = request.params as { letter: string; token: string };
      return tokenForm.test(token)
        ? reply.redirect(`/payment/${letter}/${token}`, 303)
        : answers.error(request, reply, { status: 404 });
    });
    app.post(
      `/payment/:letter(^[spie]$)/:token/${name}`,
      { bodyLimit: MAX_FORM_BYTES },
      calmly(async (request, reply) => {
        if (!isOwn(request)) return answers.error(request, reply, { status: 403 });
        const found = await standingOf(request);
        if ('status' in found) return answers.error(request, reply, found);
        const form = new URLSearchParams(bodyOf(request));
        const filled: Filled = { version: form.get('version') ?? '', field: (field) => form.get(field) ?? '' };
        const isStale =
          (!timeless.has(name) && !fits(name, found.standing, filled.version)) ||
          (agreed.has(name) && filled.field('consent') !== CONSENT_VERSION);
        const stepped = isStale ? { standing: found.standing } : await step(found.standing, found.visitor, filled);
        const after = stepped && (await standingOf(request));
        if (!after) return answers.error(request, reply, { status: 400 });
        if ('status' in after) return answers.error(request, reply, after);
        const { tried, waitMs } = stepped;
        if (waitMs !== undefined) reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
        if (tried || isFragment(request)) return show(request, reply, after.standing, tried, statusOf(stepped));
        return reply.redirect(after.standing.basePath, 303);
      }),
    );
  }
}

interface Refused {
  readonly status: number;
}

const isFragment = (request: FastifyRequest): boolean => request.headers['rocketpay-fragment'] === '1';

/** The form's own step must be the payment's: a second press, or a form of another tab, changes nothing. */
function fits(name: string, standing: Standing, version: string): boolean {
  if (turnOf(standing.payment) !== turnOfVersion(version)) return false;
  const { kind } = pageModel(standing).screen;
  const forms: Readonly<Record<string, readonly string[]>> = {
    number: ['number'],
    code: ['code'],
    resend: ['code'],
    'change-number': ['code', 'decline'],
    'try-again': ['decline'],
    leave: ['code', 'decline', 'number', 'methods'],
  };
  return forms[name]?.includes(kind) ?? false;
}

function heldIn(field: (name: string) => string): Tried {
  const [number, operator] = [field('number').slice(0, 64), field('operator')];
  return number === '' && operator === '' ? {} : { number, operator: isOperatorId(operator) ? operator : null };
}

function statusOf({ waitMs, tried }: Stepped): number {
  if (waitMs !== undefined) return 429;
  return tried?.faults || tried?.notice ? 422 : 200;
}
