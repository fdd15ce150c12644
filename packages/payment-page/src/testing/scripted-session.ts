import type { PageModel, Screen } from '../model.ts';
import { renderScreen } from '../render/screen.ts';
import { isLanguage, type Language } from '../surroundings.ts';
import type { PageWorld } from './page-world.ts';
import { NOW, samplePage } from './samples.ts';
import type { Asked } from './scripted-server.ts';

/** A page session that a test moves: it shows the present screen to whoever asks, and lets the test answer the payer's steps. */
export class ScriptedSession {
  model: PageModel;
  /** What a step leads to; undefined leaves the screen as it is. */
  onStep: (step: string, asked: Asked) => Screen | undefined | Promise<Screen | undefined> = () => undefined;
  readonly #world: PageWorld;
  #changes = 0;
  readonly #startedAt = performance.now();

  constructor(world: PageWorld, wish: Partial<PageModel> = {}) {
    this.#world = world;
    this.model = samplePage(wish);
    world.server.script = (asked) => this.#answer(asked);
    world.server.greet = (version) => (version === this.now().version ? undefined : renderScreen(this.now()));
  }

  get url(): string {
    return `${this.#world.server.origin}${this.model.basePath}`;
  }

  /** The session as it stands, at the server's time. */
  now(): PageModel {
    return { ...this.model, now: NOW + Math.round(performance.now() - this.#startedAt), version: `v${this.#changes}` };
  }

  /** Changes the screen as the platform would; told to the open pages unless it is done quietly. */
  move(screen: Screen, wish: Partial<PageModel> & { readonly isQuiet?: boolean } = {}): void {
    const { isQuiet = false, ...rest } = wish;
    this.model = { ...this.model, ...rest, screen };
    this.#changes += 1;
    if (!isQuiet) this.#world.server.push(renderScreen(this.now()));
  }

  async #answer(asked: Asked) {
    const step = asked.url.pathname.split('/').at(-1) ?? '';
    if (asked.method === 'GET' && step === 'screen') {
      return asked.url.searchParams.get('version') === this.now().version ? {} : { fragment: renderScreen(this.now()) };
    }
    if (asked.method === 'GET') return { page: await this.#world.document(this.now()) };
    const next = step === 'language' ? this.#switchTo(asked) : await this.onStep(step, asked);
    if (next) this.move(next, { isQuiet: true });
    return asked.isScript ? { fragment: renderScreen(this.now()) } : { location: this.model.basePath };
  }

  #switchTo({ body }: Asked): Screen {
    const language = body.get('language') ?? '';
    if (isLanguage(language)) this.model = { ...this.model, language: language satisfies Language };
    const { screen } = this.model;
    return screen.kind === 'number' ? { ...screen, number: body.get('number') ?? '' } : screen;
  }
}
