/** What the server wrote into the fragment for the script; see render/screen.ts. */
export interface Facts {
  readonly root: HTMLElement;
  readonly kind: string;
  readonly key: string;
  readonly version: string;
  readonly base: string;
  /** Milliseconds since 1970 by the server's clock when it made the fragment. */
  readonly now: number;
  readonly notice: string | undefined;
  /** Attempts left with the code. */
  readonly attempts: string | undefined;
  /** A new code is on its way, or is not, as the operator will say. */
  readonly isResending: boolean;
  readonly waitsFor: string | undefined;
  readonly request: string | undefined;
  readonly result: unknown;
  readonly redirect: { readonly url: string; readonly open: string } | undefined;
  readonly texts: Readonly<Record<'title' | 'offline' | 'question' | 'stay' | 'leave', string>>;
}

export function readFacts(root: HTMLElement): Facts {
  const {
    kind = '',
    key = '',
    version = '',
    base = '',
    now,
    notice,
    attempts,
    request,
    result,
    redirect,
    texts,
  } = root.dataset;
  return {
    root,
    kind,
    key,
    version,
    base,
    now: Number(now),
    notice,
    attempts,
    isResending: root.dataset['resending'] !== undefined,
    waitsFor: root.dataset['for'],
    request,
    result: result === undefined ? undefined : JSON.parse(result),
    redirect: redirect === undefined ? undefined : JSON.parse(redirect),
    texts: JSON.parse(texts ?? '{}'),
  };
}

/** The payment's end is shown, and nothing can move the screen. */
export const isOver = ({ kind, root }: Facts): boolean =>
  kind === 'success' || kind === 'expired' || (kind === 'decline' && !root.querySelector('[data-name=again]'));

/** A charge is asked for and not decided: leaving now deserves a question. */
export const isCharging = ({ kind }: Facts): boolean => kind === 'waiting' || kind === 'code' || kind === 'unavailable';
