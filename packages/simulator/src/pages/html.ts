import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Prose with `code` marks, as HTML. */
export function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
a { color: LinkText; }
table { border-collapse: collapse; width: 100%; }
td, th { overflow-wrap: break-word; min-width: 5.5rem; }
caption { text-align: start; font-weight: bold; margin-block-start: 1.5rem; }
th, td { text-align: start; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
th, td { border-block-end: 1px solid GrayText; }
.wide { overflow-x: auto; }
.fields { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-block: 0.75rem 1.5rem; }
small { font-weight: normal; }
.fields label { display: grid; gap: 0.25rem; font-size: 0.875rem; }
.fields input, .fields select, button { box-sizing: border-box; font: inherit; padding: 0.25rem 0.5rem; height: 2.25rem; }
button { white-space: nowrap; }
.fields input[type=number] { width: 6rem; }
.fields input[type=checkbox] { justify-self: start; }
[role=alert]:empty { display: none; }
[role=alert] { border: 2px solid; padding: 0.5rem 0.75rem; font-weight: bold; }
.phone { max-width: 24rem; margin: 1rem auto; border: 0.5rem solid GrayText; }
.phone { border-radius: 1.5rem; padding: 1rem; min-height: 24rem; }
.phone ol { list-style: none; padding: 0; }
.phone li { border: 1px solid GrayText; border-radius: 0.75rem; padding: 0.75rem; margin-block: 0.75rem; }
.phone li p { margin: 0; overflow-wrap: anywhere; }
.phone time, .phone .from { font-size: 0.875rem; }
`;

/** Sends a page that may load nothing but its own nonced style and script. */
export function sendPage(
  reply: FastifyReply,
  page: { readonly title: string; readonly body: string; readonly script?: string },
): void {
  const nonce = randomBytes(16).toString('base64');
  const script = page.script === undefined ? '' : `<script nonce="${nonce}">${page.script}</script>`;
  reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
        `<meta name="viewport" content="width=device-width"><title>${escaped(page.title)}</title>` +
        `<style nonce="${nonce}">${STYLE}</style></head>` +
        `<body><main><h1>${escaped(page.title)}</h1>${page.body}</main>${script}</body></html>`,
    );
}
