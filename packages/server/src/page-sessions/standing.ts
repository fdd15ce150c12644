import type { OperatorChoice } from '@rocketpay/payment-page/model.ts';
import type { OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import type { Clock } from '../clock.ts';
import type { Door } from '../http/gate.ts';
import type { Operators } from '../operators/operators.ts';
import type { Payments } from '../payments/payments.ts';
import { chooseLanguage } from './language.ts';
import type { PageGuard } from './limits.ts';
import type { PageSettingsReader } from './settings.ts';
import type { PageSession, PageSessionStore } from './store.ts';
import type { PageTokens } from './tokens.ts';
import type { Standing } from './view.ts';

export interface PageParts {
  readonly store: PageSessionStore;
  readonly settings: PageSettingsReader;
  readonly tokens: PageTokens;
  readonly guard: PageGuard;
  readonly payments: Payments;
  readonly door: Pick<Door, 'projects' | 'secretUses'>;
  readonly operators: Operators;
  readonly providerId: number;
  readonly codeLifeMs: number;
  readonly sandbox: boolean;
  readonly clock: Clock;
}

/** How the page was opened stands in its address, so that every answer knows it and no cookie is needed. */
const letters = { tab: 's', popup: 'p', iframe: 'i', embedded: 'e' } as const satisfies Record<OpenedAs, string>;

export const openedBy = (letter: string): OpenedAs | undefined =>
  (Object.keys(letters) as OpenedAs[]).find((opened) => letters[opened] === letter);

const reasons = { switched_off: { kind: 'off' }, down: { kind: 'outage' }, available: null } as const;

/** Puts together what a screen follows from. */
export function createStandings(parts: PageParts) {
  const { payments, operators, clock } = parts;

  const choices = (): readonly OperatorChoice[] =>
    operators.list().map(({ operatorId }) => ({
      id: operatorId,
      unavailable: reasons[operators.availability(operatorId)],
    }));

  /** `taken` when the payment id is another's now, or the project is gone. */
  async function of(
    session: PageSession,
    token: string,
    visitor: { readonly opened: OpenedAs; readonly browserLanguage: string | undefined },
  ): Promise<Standing | 'taken'> {
    const { projectId } = session.key;
    const [project, payment] = await Promise.all([parts.door.projects.find(projectId), payments.find(session.key)]);
    if (!project || (payment && payment.requestDigest !== session.digest)) return 'taken';
    const settings = await parts.settings(projectId);
    return {
      session,
      payment,
      projectName: project.name,
      settings,
      basePath: `/payment/${letters[visitor.opened]}/${token}`,
      opened: visitor.opened,
      language: chooseLanguage({
        switched: session.language,
        asked: session.request.language,
        browser: visitor.browserLanguage,
        offered: settings.languages,
        byDefault: settings.defaultLanguage,
      }),
      operators: choices(),
      prefixes: operators.prefixes(),
      providerId: parts.providerId,
      codeLifeMs: parts.codeLifeMs,
      sandbox: parts.sandbox,
      now: clock.now(),
    };
  }

  return { of };
}
