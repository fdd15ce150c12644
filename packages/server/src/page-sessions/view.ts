import { createHash } from 'node:crypto';
import type { PageRequest } from '@rocketpay/contract/page-parameters.ts';
import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { PrefixTable } from '@rocketpay/core/operators/guess.ts';
import { currentSale, isCodeAccepted, type Payment, type SaleOperation } from '@rocketpay/core/payment/payment.ts';
import { MAX_RESENDS, MAX_WRONG_CODES } from '@rocketpay/core/payment/rules.ts';
import { type TryAgainOffer, tryAgainOffer } from '@rocketpay/core/payment/try-again.ts';
import { CONSENT_VERSION } from '@rocketpay/payment-page/consent.ts';
import type {
  CodeNotice,
  CodeScreen,
  NumberFault,
  OperatorChoice,
  PageModel,
  Screen,
} from '@rocketpay/payment-page/model.ts';
import { payerReason } from '@rocketpay/payment-page/payer-reason.ts';
import type { Language, OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import { maskedNumber, resultOf } from './result.ts';
import type { PageSettings } from './settings.ts';
import type { PageSession } from './store.ts';
import { autoRedirect, returnLink } from './ways-back.ts';

/** What the payer has just tried, where the screen must show it again; gone with the answer. */
export interface Tried {
  readonly number?: string;
  readonly operator?: OperatorId | null;
  readonly faults?: readonly NumberFault[];
  readonly notice?: CodeNotice;
}

/** All that a screen follows from. */
export interface Standing {
  readonly session: PageSession;
  /** Begun by this session's link; null before a number was given. */
  readonly payment: Payment | null;
  readonly projectName: string;
  readonly settings: PageSettings;
  readonly basePath: string;
  readonly opened: OpenedAs;
  readonly language: Language;
  readonly operators: readonly OperatorChoice[];
  readonly prefixes: PrefixTable;
  readonly providerId: number;
  readonly codeLifeMs: number;
  readonly sandbox: boolean;
  readonly now: number;
}

const FARTHEST_BEST_BEFORE_MS = 30 * 86_400_000;

/** The merchant's deadline, counted from when the link was opened; one too far ahead is none. */
export function bestBeforeOf({ request, openedAt }: PageSession): number | null {
  const at = request.bestBeforeAt;
  return at === null || at - openedAt > FARTHEST_BEST_BEFORE_MS ? null : at;
}

/** Which step of the payment a form stands on: a second post of the same form comes too late, and changes nothing. */
export function turnOf(payment: Payment | null): string {
  if (!payment) return '0';
  const { operationNo, codeRequestId, state } = currentSale(payment);
  const asked = createHash('sha256')
    .update(codeRequestId ?? '')
    .digest('hex')
    .slice(0, 6);
  return state === 'awaiting_code' ? `${operationNo}-${asked}` : String(operationNo);
}

export const turnOfVersion = (version: string): string => version.split('.')[0] ?? '';

/** What the payer sees now. */
export function pageModel(standing: Standing, tried: Tried = {}): PageModel {
  const { session, payment, settings, opened, now } = standing;
  const { request } = session;
  const screen = screenOf(standing, tried);
  // A payment whose time is over has ended like any decline, though its screen says so in other words.
  const ended = payment !== null && ['success', 'decline', 'expired'].includes(screen.kind);
  const isFinal = ended && (screen.kind === 'success' || openOffer(payment, now) === null);
  const redirect = isFinal
    ? autoRedirect(request.redirects[screen.kind === 'success' ? 'success' : 'fail'], opened)
    : null;
  const model = {
    language: standing.language,
    languages: settings.languages,
    project: {
      name: settings.look.name ?? standing.projectName,
      logo: settings.logo && `/payment/logo/${request.projectId}/${settings.logo.version}`,
      accent: settings.look.accent,
      support: settings.look.support,
      termsUrl: settings.look.termsUrl,
      sandbox: standing.sandbox,
    },
    payment: {
      id: request.paymentId,
      description: request.description,
      amountMinor: request.amountMinor,
      currency: request.currency,
    },
    basePath: standing.basePath,
    opened,
    bestBefore: shownBestBefore(standing, screen),
    returnLink: returnLinkOf(screen, request, settings, opened) ?? linkInstead(redirect, screen, request),
    autoRedirect: redirect,
    requestId: payment && currentSale(payment).requestId,
    result: ended ? resultOf(payment, request, standing.providerId, now) : null,
    screen,
  };
  return { ...model, version: `${turnOf(payment)}.${digestOf(model)}`, now };
}

/** Before the payment begins the link's own; while a code is asked for, the one by which the begun payment ends. */
function shownBestBefore({ session, payment, now }: Standing, screen: Screen): PageModel['bestBefore'] {
  const at = payment ? payment.bestBeforeAt : bestBeforeOf(session);
  if (at === null || (payment && (screen.kind !== 'code' || at <= now))) return null;
  return { from: session.openedAt, at };
}

/** The seconds left for another try tick in the result, and a wait has its steps: no reason to show the screen anew. */
function digestOf(model: Omit<PageModel, 'version' | 'now'>): string {
  const screen = model.screen.kind === 'waiting' ? { ...model.screen, since: 0 } : model.screen;
  return createHash('sha256')
    .update(JSON.stringify({ ...model, screen, result: null }))
    .digest('base64url')
    .slice(0, 12);
}

/** A browser may stop a new tab that nobody pressed for: then the payer presses, unless the merchant wants no button. */
function linkInstead(redirect: PageModel['autoRedirect'], screen: Screen, { buttons }: PageRequest) {
  const when = screen.kind === 'success' ? 'success' : 'fail';
  if (redirect?.open !== 'blank' || buttons[when].enabled === 0) return null;
  return { open: redirect.open, url: redirect.url, when } as const;
}

function returnLinkOf(screen: Screen, request: PageRequest, { urls }: PageSettings, opened: OpenedAs) {
  switch (screen.kind) {
    case 'methods':
    case 'number':
      return returnLink(request, urls, opened, 'before');
    case 'success':
      return returnLink(request, urls, opened, 'success');
    case 'decline':
    case 'expired':
      return returnLink(request, urls, opened, 'fail');
    default:
      return null;
  }
}

function screenOf(standing: Standing, tried: Tried): Screen {
  const { session, payment, now } = standing;
  if (!payment) {
    const end = bestBeforeOf(session);
    if (end !== null && end <= now) return { kind: 'expired' };
    const skipsMethods = session.request.forcedMethod === 'mobile' || session.method === 'mobile';
    return skipsMethods ? numberScreen(standing, tried) : methodsScreen(session);
  }
  const sale = currentSale(payment);
  switch (sale.state) {
    case 'preparing':
      return { kind: 'waiting', for: 'code', since: sale.changedAt };
    case 'awaiting_code':
      return codeScreen(standing, payment, sale, tried);
    case 'validating':
    case 'confirming':
      return { kind: 'waiting', for: 'result', since: sale.changedAt };
    case 'succeeded':
      return {
        kind: 'success',
        at: sale.changedAt,
        maskedNumber: maskedNumber(sale.accountNumber),
        operator: sale.operator,
      };
    case 'declined':
      return declinedScreen(standing, payment, sale, tried);
  }
}

function methodsScreen({ request }: PageSession): Screen {
  const isHidden = request.hiddenMethods.includes('mobile');
  return {
    kind: 'methods',
    methods: isHidden ? [] : [{ code: 'mobile', unavailable: null }],
    preselected: request.preselectedMethod === 'mobile' && !isHidden ? 'mobile' : null,
  };
}

function numberScreen({ session, payment, operators, prefixes }: Standing, tried: Tried): Screen {
  const { request } = session;
  const enforced = operators.find(({ id }) => id === request.operator)?.id ?? null;
  // A number that was typed once is not shown to whoever opens the link next.
  const prefill = payment || request.prefill === null ? '' : `+${request.prefill}`;
  return {
    kind: 'number',
    operators,
    chosen: enforced ?? tried.operator ?? null,
    locked: enforced !== null,
    number: tried.number ?? prefill,
    faults: tried.faults ?? [],
    prefixes,
    consent: { version: CONSENT_VERSION },
  };
}

function codeScreen(standing: Standing, payment: Payment, sale: SaleOperation, tried: Tried): CodeScreen {
  const codeExpiresAt = sale.codeExpiresAt ?? sale.changedAt + standing.codeLifeMs;
  const end = payment.bestBeforeAt ?? Infinity;
  const resending = sale.pendingCall?.kind === 'resend' || sale.retryAt !== null;
  const ours = MAX_RESENDS - sale.resendsUsed;
  const reason = sale.clarificationReason;
  return {
    kind: 'code',
    request: `${sale.operationNo}.${sale.resendsUsed}`,
    maskedNumber: maskedNumber(sale.accountNumber),
    operator: sale.operator,
    // A code is worth nothing once the payment has ended.
    codeExpiresAt: Math.min(codeExpiresAt, end),
    resendAllowedAt: sale.resendAllowedAt ?? codeExpiresAt,
    resendsLeft: sale.operatorResendsLeft === null ? ours : Math.min(ours, sale.operatorResendsLeft),
    resending,
    attemptsLeft: MAX_WRONG_CODES - sale.wrongCodes,
    deadlineAt: sale.deadlineAt ?? codeExpiresAt,
    notice: tried.notice ?? (reason === 'code_requested' ? null : reason),
    mayChangeNumber: !resending && mayBeginAgain(payment, standing.now),
    consent: { version: CONSENT_VERSION },
  };
}

/** Whether letting go of the present sale would leave the payer another. */
function mayBeginAgain({ retries, sales, bestBeforeAt }: Payment, now: number): boolean {
  if (!retries || sales.length > retries.allowed) return false;
  const [first] = sales;
  const isFirst = sales.length === 1 || !first;
  return isFirst || bestBeforeAt !== null || first.changedAt + retries.windowMs > now;
}

/** Whether the payer may try again, now or once the operator has answered; null when the decline is the end. */
function openOffer(payment: Payment, now: number): TryAgainOffer | null {
  const offer = tryAgainOffer(payment);
  return offer && offer.until > now ? offer : null;
}

function declinedScreen(standing: Standing, payment: Payment, sale: SaleOperation, tried: Tried): Screen {
  const offer = openOffer(payment, standing.now);
  if (offer && standing.session.numberWantedAfter === sale.operationNo)
    return offer.mustWait ? { kind: 'waiting', for: 'cancel', since: sale.changedAt } : numberScreen(standing, tried);
  const reason = sale.declineReason ?? 'no_reason';
  if (!offer && (reason === 'best_before' || reason === 'threshold')) return { kind: 'expired' };
  return {
    kind: 'decline',
    reason: payerReason(reason, isCodeAccepted(sale)),
    tryAgain: offer && { left: offer.attemptsLeft, until: offer.until, ready: !offer.mustWait },
  };
}
