import { readdirSync, readFileSync } from 'node:fs';
import { type Asset, type AssetType, makeAsset } from './assets.ts';
import { WIDGET_VERSION } from './widget-version.ts';

/** Every widget ever released, byte for byte: a shop that pinned one asks for it for as long as it pleases. */
export const RELEASES = new URL('../widget-releases/', import.meta.url);

const RELEASED = /^merchant@\d+\.\d+\.\d+\.(js|css)$/;
const PINNED = /(\/shared\/)merchant@[\d.]+\.(js|css)("[^>]*?\bintegrity=")[^"]*/g;

/** The file of a release, in the archive and below `/shared/`. */
export const releaseFile = (type: AssetType, version: string = WIDGET_VERSION): string => `merchant@${version}.${type}`;

/** The archived files in a folder, each at the address that shops have pinned. */
export function readReleases(folder: URL = RELEASES): Asset[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const type = RELEASED.exec(name)?.[1];
      if (type !== 'js' && type !== 'css') return [];
      return [makeAsset(`/shared/${name}`, type, readFileSync(new URL(name, folder)), true)];
    });
}

/** A text whose tags load pinned widgets, with the newest release and its `integrity` in them. */
export function pinNewest(text: string): string {
  const releases = readReleases();
  return text.replaceAll(PINNED, (_tag, shared: string, type: AssetType, between: string) => {
    const path = `${shared}${releaseFile(type)}`;
    const release = releases.find((one) => one.path === path);
    if (!release) throw new Error(`${path} is not in the archive`);
    return `${path}${between}${release.integrity}`;
  });
}
