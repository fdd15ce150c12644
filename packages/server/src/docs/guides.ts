import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderMarkdown, type Heading } from './markdown.ts';
import { relocated, type SandboxPlaces } from './places.ts';

export interface Page {
  readonly address: string;
  readonly title: string;
  readonly group: string;
  readonly html: string;
  readonly headings: readonly Heading[];
}

export interface Picture {
  readonly address: string;
  readonly file: string;
}

interface Group {
  readonly title: string;
  /** Names of guides, in the order of reading. */
  readonly names: readonly string[];
}

/** By who reads them. A guide that no list names comes after these. */
const groups: readonly Group[] = [
  {
    title: 'For merchants',
    names: [
      'quick-start',
      'gate',
      'signature',
      'callbacks',
      'codes',
      'in-doubt',
      'payment-page',
      'widget',
      'sdk',
      'going-live',
    ],
  },
  { title: 'For operators of a platform', names: ['operate', 'projects', 'adapter'] },
];
const otherGuides = 'More guides';
const reference = 'Reference';
const folders = ['guides', 'reference'];

/** The names of a folder's files with this ending; none where there is no such folder. */
function namesIn(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .toSorted();
  } catch {
    return [];
  }
}

const placeOf = (name: string): number => {
  const all = groups.flatMap(({ names }) => names);
  return all.includes(name) ? all.indexOf(name) : all.length;
};

const groupOf = (folder: string, name: string): string =>
  folder === 'reference' ? reference : (groups.find(({ names }) => names.includes(name))?.title ?? otherGuides);

/** It tells defaults, which stay what they are wherever this sandbox stands. */
const settingsPage = '/docs/reference/settings';

/** Every guide and every page of reference in the docs folder, in the order of reading, rendered; and the pictures. */
export function readGuides(
  docs: string,
  places: SandboxPlaces,
): { readonly pages: readonly Page[]; readonly pictures: readonly Picture[] } {
  const files = folders.flatMap((folder) =>
    namesIn(join(docs, folder), '.md').map((file) => ({ folder, name: file.slice(0, -'.md'.length) })),
  );
  const pictures = namesIn(join(docs, 'images'), '.png').map((name) => ({
    address: `/docs/images/${name}`,
    file: join(docs, 'images', name),
  }));
  const addresses = new Map([
    ...files.map(({ folder, name }) => [`${folder}/${name}.md`, `/docs/${folder}/${name}`] as const),
    ...pictures.map(({ address }) => [address.slice('/docs/'.length), address] as const),
  ]);
  const ordered = [
    ...files
      .filter(({ folder }) => folder === 'guides')
      .toSorted((one, other) => placeOf(one.name) - placeOf(other.name)),
    ...files.filter(({ folder }) => folder !== 'guides'),
  ];
  const pages = ordered.map(({ folder, name }) => {
    const path = `${folder}/${name}.md`;
    const text = readFileSync(join(docs, path), 'utf8');
    const { title, html, headings } = renderMarkdown(text, path, (file) => addresses.get(file));
    const address = `/docs/${folder}/${name}`;
    const here = address === settingsPage ? html : relocated(html, places);
    return { address, title, group: groupOf(folder, name), html: here, headings };
  });
  return { pages, pictures };
}
