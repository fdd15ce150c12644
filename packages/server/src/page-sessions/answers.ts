import type { Fault } from '@rocketpay/contract/fault.ts';
import type { PageAssets } from '@rocketpay/payment-page/assets.ts';
import type { ErrorPageModel, PageModel } from '@rocketpay/payment-page/model.ts';
import type { Language, OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codingFor, compressNow } from './compression.ts';
import { newNonce, pageHeaders } from './headers.ts';
import { chooseLanguage } from './language.ts';

/** Draws what a payer sees; the server itself writes no HTML. */
export interface PageRenderer {
  readonly assets: PageAssets;
  page(model: PageModel, nonce: string): string;
  screen(model: PageModel): string;
  errorPage(model: ErrorPageModel, nonce: string): string;
}

export interface Answers {
  page(
    request: FastifyRequest,
    reply: FastifyReply,
    model: PageModel,
    framingOrigins: readonly string[],
    status?: number,
  ): Promise<FastifyReply>;
  fragment(request: FastifyRequest, reply: FastifyReply, model: PageModel, status?: number): Promise<FastifyReply>;
  error(
    request: FastifyRequest,
    reply: FastifyReply,
    problem: { readonly status: number; readonly faults?: readonly Fault[]; readonly asked?: string },
  ): Promise<FastifyReply>;
}

/** How pages are answered: their headers, their compression, and what is said where there is no page to show. */
export function createAnswers(renderer: PageRenderer, sandbox: boolean): Answers {
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    html: string,
  ): Promise<FastifyReply> {
    const coding = codingFor(request.headers['accept-encoding']);
    if (coding) reply.header('content-encoding', coding);
    return reply
      .status(status)
      .headers({ 'content-type': 'text/html; charset=utf-8', vary: 'accept-encoding, accept-language' })
      .send(await compressNow(html, coding));
  }

  return {
    page(request, reply, model, framingOrigins, status = 200) {
      const nonce = newNonce();
      reply.headers(pageHeaders(nonce, model.opened, framingOrigins));
      return send(request, reply, status, renderer.page(model, nonce));
    },
    fragment: (request, reply, model, status = 200) => send(request, reply, status, renderer.screen(model)),
    error(request, reply, { status, faults = [], asked }) {
      const nonce = newNonce();
      const language: Language = chooseLanguage({
        switched: null,
        asked: asked ?? null,
        browser: request.headers['accept-language'],
        offered: ['kk', 'ru', 'en'],
        byDefault: 'kk',
      });
      // An error may be shown in any shop's frame: it holds nothing that a click could misuse.
      reply.headers(pageHeaders(nonce, 'iframe' satisfies OpenedAs, ['*']));
      const audience = sandbox ? 'developer' : 'payer';
      // The page names the field beside each message, which begins with it as well.
      const told = faults.map(({ field, message }) => ({
        field,
        message: field !== '' && message.startsWith(`${field} `) ? message.slice(field.length + 1) : message,
      }));
      return send(
        request,
        reply,
        status,
        renderer.errorPage(
          { language, status, audience, faults: audience === 'developer' ? told : [], requestId: request.id },
          nonce,
        ),
      );
    },
  };
}
