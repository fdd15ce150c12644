/** Text that is HTML already. */
export class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Piece = Html | string | number | undefined | false | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Joins a page; every value is escaped unless it is `Html` itself, so that no payer's text becomes markup. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const source = parts.reduce((page, part, index) => page + render(pieces[index - 1]) + part);
  return new Html(source);
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Html) return piece.source;
  return typeof piece === 'object' ? piece.map((one) => one.source).join('') : escapeText(String(piece));
}
