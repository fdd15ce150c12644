/** Text that is HTML already. */
export class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

export type Piece = Html | string | number | undefined | null | false | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** The fixed parts of each template without the indentation of its source. */
const squeezed = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Joins markup; every value is escaped unless it is `Html` itself, so that nothing given from outside becomes markup. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let markup = squeezed.get(parts);
  if (!markup) {
    markup = parts.map((part) => part.replaceAll(/\n\s+/g, '\n'));
    squeezed.set(parts, markup);
  }
  return new Html(markup.reduce((page, part, index) => page + render(pieces[index - 1]) + part));
}

function render(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return '';
  if (piece instanceof Html) return piece.source;
  return typeof piece === 'object' ? piece.map((one) => one.source).join('') : escapeText(String(piece));
}

/** An attribute's value, or a text, that a script reads as JSON. */
export const json = (value: unknown): string => JSON.stringify(value);
