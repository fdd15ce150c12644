/** A project's colour as it may be used: readable in every place, in light and in dark. */
export interface AccentColours {
  readonly fill: string;
  readonly onFill: string;
  /** Text and outlines on the page's own surface. */
  readonly ink: string;
  readonly darkInk: string;
}

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The surfaces of page.css. */
const LIGHT: Rgb = [241, 243, 245];
const DARK: Rgb = [27, 33, 39];
/** WCAG 2.2, 1.4.3. */
const TEXT_CONTRAST = 4.5;
/** A colour this close takes white text, and is darkened for it; a lighter one takes black. */
const NEARLY_CONTRAST = 3;
const DEFAULT_ACCENT = '#006a72';

/** The colours of a page; an accent that is none gives the platform's own. */
export function accentColours(accent: string | null): AccentColours {
  const wished = readColour(accent ?? '') ?? readColour(DEFAULT_ACCENT) ?? BLACK;
  const takesWhite = contrast(wished, WHITE) >= NEARLY_CONTRAST;
  const fill = takesWhite ? corrected(wished, WHITE, BLACK) : wished;
  return {
    fill: hex(fill),
    onFill: hex(takesWhite ? WHITE : BLACK),
    ink: hex(corrected(fill, LIGHT, BLACK)),
    darkInk: hex(corrected(fill, DARK, WHITE)),
  };
}

/** `#rrggbb`, or nothing. */
export function readColour(text: string): Rgb | undefined {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return found ? [parse(found[1]), parse(found[2]), parse(found[3])] : undefined;
}

const parse = (pair: string | undefined): number => Number.parseInt(pair ?? '0', 16);
const hex = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** The colour, moved towards another only as far as it must to be read on a surface. */
function corrected(colour: Rgb, surface: Rgb, towards: Rgb): Rgb {
  for (let step = 0; step < 100; step++) {
    const mixed = mix(colour, towards, step / 100);
    if (contrast(mixed, surface) >= TEXT_CONTRAST) return mixed;
  }
  return towards;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])];
}

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
