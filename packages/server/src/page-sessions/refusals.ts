import type { RefuseWithPage } from '../http/server.ts';
import { createAnswers, type PageRenderer } from './answers.ts';

/** The page's own addresses, a link's and a session's, and what is like them but for a slash. */
const pageAddress = /^\/+(?:payment|[1-9][0-9]{0,9})(?:[/?]|$)/;

/**
 * The calm page for a browser that asks the Payment Page's addresses in a way that no route takes: a slash too many, a
 * method or a size that is not theirs. Programs, and our own script, go on reading JSON.
 */
export function createPageRefusals(renderer: PageRenderer, sandbox: boolean): RefuseWithPage {
  const answers = createAnswers(renderer, sandbox);
  return (request, reply, { status, message }) => {
    if (!pageAddress.test(request.url) || request.headers.accept?.includes('text/html') !== true) return null;
    const asked = URL.parse(request.url, 'http://page')?.searchParams.get('language_code');
    return answers.error(request, reply, {
      status,
      faults: [{ code: '702', message, field: '', constraint: 'http' }],
      ...(asked && { asked }),
    });
  };
}
