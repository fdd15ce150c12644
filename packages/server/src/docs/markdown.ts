import { posix } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { escapeHtml } from './html.ts';

export interface Heading {
  readonly id: string;
  readonly text: string;
}

export interface Rendered {
  readonly title: string;
  readonly html: string;
  /** Of the second level, in their order. */
  readonly headings: readonly Heading[];
}

/** The sandbox as the guides name it, whose reader may be looking at any platform. */
const sandboxOrigin = 'http://127.0.0.1:8080/';

/** The ids that viewers of repositories give to headings, so that links with a `#` work in both. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const plainText = (markdown: string): string =>
  markdown.replaceAll(/[`*_]/g, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');

/**
 * Renders one file of the docs folder. `path` is its own, from that folder; `addressOf` knows the address of another
 * one, if it has one. A link to a file without an address becomes plain text.
 */
export function renderMarkdown(text: string, path: string, addressOf: (path: string) => string | undefined): Rendered {
  const headings: Heading[] = [];
  const seen = new Map<string, number>();
  let title = '';

  function idOf(heading: string): string {
    const slug = slugOf(heading);
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  }

  function resolved(href: string): string | undefined {
    if (href.startsWith(sandboxOrigin)) return `/${href.slice(sandboxOrigin.length)}`;
    if (/^[a-z]+:/i.test(href) || href.startsWith('#') || href.startsWith('/')) return href;
    const [file = '', hash] = href.split('#');
    const address = addressOf(posix.join(posix.dirname(path), file));
    return address === undefined || hash === undefined ? address : `${address}#${hash}`;
  }

  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text: source }: Tokens.Heading) {
        const plain = plainText(source);
        const id = idOf(plain);
        if (depth === 1 && title === '') title = plain;
        if (depth === 2) headings.push({ id, text: plain });
        return `<h${depth} id="${escapeHtml(id)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      // Wide code and tables scroll in themselves; who has no mouse must be able to reach them.
      code({ text: code, lang }: Tokens.Code) {
        const language = lang?.split(' ')[0] ?? '';
        const label = language === '' ? 'Sample' : `Sample, ${language}`;
        return `<pre tabindex="0" role="group" aria-label="${escapeHtml(label)}"><code>${escapeHtml(code)}</code></pre>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        const address = resolved(href);
        return address === undefined ? inner : `<a href="${escapeHtml(address)}">${inner}</a>`;
      },
      image({ href, text: alt }: Tokens.Image) {
        const address = resolved(href);
        return address === undefined ? escapeHtml(alt) : `<img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}">`;
      },
      // What stands in a guide as HTML is a comment for its authors.
      html: () => '',
    },
    hooks: {
      postprocess: (page) =>
        page
          .replaceAll('<table>', '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>')
          .replaceAll('</table>', '</table></div>'),
    },
  });
  const page = marked.parse(text, { async: false });
  return { title: title === '' ? path : title, html: page, headings };
}
