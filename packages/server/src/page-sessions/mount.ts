import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { SecretBox } from '../projects/projects.ts';
import type { PageRenderer } from './answers.ts';
import { createPageGuard, type PageLimits } from './limits.ts';
import { createPageSessions, type PageSessions } from './sessions.ts';
import { pageRoutes, type PageRouteParts } from './routes.ts';
import { createPageSettings } from './settings.ts';
import { createPageSettingsStore } from './settings-store.ts';
import type { PageParts } from './standing.ts';
import { createPageSessionStore } from './store.ts';
import { createPageTokens } from './tokens.ts';

type Shared = Omit<PageParts, 'store' | 'settings' | 'tokens' | 'guard'> & Pick<PageRouteParts, 'door' | 'payments'>;

export interface PagesWish extends Shared {
  readonly pool: pg.Pool;
  readonly box: SecretBox;
  /** 32 bytes, derived from the master key for the pages' tokens alone. */
  readonly key: Buffer;
  readonly limits: PageLimits;
  readonly renderer: PageRenderer;
  readonly log: Log;
}

/** Builds the Payment Page over a database and puts its routes on a server. */
export async function mountPages(app: FastifyInstance, wish: PagesWish): Promise<PageSessions> {
  const { pool, box, key, limits, ...shared } = wish;
  const tokens = createPageTokens(key);
  const settings = createPageSettings(createPageSettingsStore(pool), box, shared.clock);
  const guard = createPageGuard(pool, tokens, limits);
  const pages = createPageSessions({ ...shared, store: createPageSessionStore(pool), settings, tokens, guard });
  await pageRoutes(app, { ...shared, pages, settings });
  return pages;
}
