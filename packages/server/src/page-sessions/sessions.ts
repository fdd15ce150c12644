import { randomUUID } from 'node:crypto';
import type { Fault } from '@rocketpay/contract/fault.ts';
import type { PageForm } from '@rocketpay/contract/page-form.ts';
import type { Language, OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import { currentSale } from '@rocketpay/core/payment/payment.ts';
import { tryAgainOffer } from '@rocketpay/core/payment/try-again.ts';
import { isKazakhNumber } from '@rocketpay/core/phone.ts';
import { isOperatorId, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { NumberFault } from '@rocketpay/payment-page/model.ts';
import { CONSENT_VERSION } from '@rocketpay/payment-page/consent.ts';
import { readNumber } from '@rocketpay/payment-page/phone-number.ts';
import { checkLink } from './links.ts';
import { newSaleOf, payerDetails } from './sale.ts';
import { createStandings, type PageParts } from './standing.ts';
import type { Consent } from './store.ts';
import { digestOfLink, hashOf, tokenForm } from './tokens.ts';
import type { Standing, Tried } from './view.ts';

/** Who stands before the page, as the consent keeps it. */
export interface Visitor {
  readonly opened: OpenedAs;
  readonly browserLanguage: string | undefined;
  readonly address: string;
  readonly userAgent: string;
}

interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 404;
  readonly faults: readonly Fault[];
}

export type Opened = { readonly kind: 'opened'; readonly standing: Standing } | Refused;

/** What became of a payer's step: the screen that now is, with what must be shown of the try. */
export interface Stepped {
  readonly standing: Standing;
  readonly tried?: Tried;
  /** The step was refused for a while: how long, in milliseconds. */
  readonly waitMs?: number;
}

export type PageSessions = ReturnType<typeof createPageSessions>;

/** A new code may be in the payer's hand before the operator's answer is in ours; a resend is not waited for longer than this. */
const RESEND_PATIENCE_MS = 12_000;
const FORGET_AFTER_MS = 45 * 86_400_000;
const idTaken: Fault = {
  code: '3041',
  message: 'payment_id is taken by another payment of this project',
  field: 'payment_id',
  constraint: 'unique',
};

const taken = { kind: 'refused', status: 400, faults: [idTaken] } as const;

/** The Payment Page: links become sessions, and a payer's steps become the steps of a payment, which Gate's would be too. */
export function createPageSessions(parts: PageParts) {
  const { store, tokens, guard, payments, operators, clock } = parts;
  const standings = createStandings(parts);

  async function consent(
    standing: Standing,
    visitor: Visitor,
    step: Consent['step'],
    accountNumber: string,
  ): Promise<void> {
    const { request } = standing.session;
    await store.addConsent({
      key: standing.session.key,
      consentId: randomUUID(),
      at: clock.now(),
      step,
      textVersion: CONSENT_VERSION,
      language: standing.language,
      amountMinor: request.amountMinor,
      currency: request.currency,
      accountNumber,
      address: visitor.address,
      userAgent: visitor.userAgent.slice(0, 512).replaceAll('\0', ''),
    });
  }

  /** Begins the payment, or its next sale. Null when the id has become another's meanwhile. */
  async function begin(standing: Standing, visitor: Visitor, accountNumber: string, chosen: OperatorId | undefined) {
    const { session, payment } = standing;
    const candidates = await operators.guess(accountNumber, chosen);
    const payer = { accountNumber, candidates, breakerOpen: operators.breakerOpen(candidates) };
    if (payment) {
      await payments.beginNextSale(session.key, { ...payer, after: currentSale(payment).operationNo });
      return true;
    }
    const project = await parts.door.projects.find(session.key.projectId);
    // The link was checked when it was opened; what the project takes may have changed since.
    if (!project?.currencies.includes(session.request.currency)) return false;
    const sale = newSaleOf(standing, payer);
    const created = await payments.create(project, sale, payerDetails(session.request, visitor.address));
    return created.kind === 'accepted';
  }

  /** Counts the start against the limits; how long to wait when there is no room. */
  const admit = (standing: Standing, visitor: Visitor, accountNumber: string): Promise<number | null> =>
    guard.admit({ projectId: standing.session.key.projectId, accountNumber, address: visitor.address }, clock.now());

  async function faultsOfNumber(
    digits: string | null,
    typed: string,
    chosen: OperatorId | undefined,
  ): Promise<NumberFault[]> {
    if (typed.trim() === '') return ['number_missing'];
    if (digits === null || !isKazakhNumber(digits)) return ['number_malformed'];
    const candidates = await operators.guess(digits, chosen);
    const isServed = candidates.length === 0 || candidates.some((id) => operators.availability(id) === 'available');
    return isServed ? [] : ['operator_unavailable'];
  }

  return {
    /** Reads a link and finds its session, or makes it. A refused link leaves no trace. */
    async open(form: PageForm, formFaults: readonly Fault[], visitor: Visitor): Promise<Opened> {
      const link = await checkLink(form, formFaults, parts.door);
      if (link.kind === 'refused') return link;
      const { request, key, text } = link;
      const digest = digestOfLink(text);
      const payment = await payments.find(key);
      if (payment && payment.requestDigest !== digest) return taken;
      const token = tokens.tokenOf(key, digest);
      const session = await store.open({ tokenHash: hashOf(token), key, digest, request, openedAt: clock.now() });
      const standing = await standings.of(session, token, visitor);
      return standing === 'taken' ? taken : { kind: 'opened', standing };
    },

    /** How the session of a token stands; null when there is none. */
    async find(token: string, visitor: Visitor): Promise<Opened | null> {
      const session = tokenForm.test(token) ? await store.find(hashOf(token)) : null;
      if (!session) return null;
      const standing = await standings.of(session, token, visitor);
      return standing === 'taken' ? taken : { kind: 'opened', standing };
    },

    async chooseMethod(standing: Standing, method: string): Promise<Stepped> {
      const isOffered = method === 'mobile' && !standing.session.request.hiddenMethods.includes('mobile');
      if (isOffered && !standing.payment) await store.choose(standing.session.tokenHash, { method: 'mobile' });
      return { standing };
    },

    /** The payer's switch of the language; what the form held stays in it. */
    async switchLanguage(standing: Standing, language: string, held: Tried): Promise<Stepped> {
      const chosen = standing.settings.languages.find((code): code is Language => code === language);
      if (chosen) await store.choose(standing.session.tokenHash, { language: chosen });
      return { standing, ...(held.number !== undefined && { tried: held }) };
    },

    /** Pay under the number: the payment begins here, or its next sale does. */
    async giveNumber(
      standing: Standing,
      visitor: Visitor,
      { number, operator }: { readonly number: string; readonly operator: string },
    ): Promise<Stepped | null> {
      const enforced = standing.session.request.operator ?? '';
      const wanted = isOperatorId(enforced) ? enforced : operator;
      const chosen = isOperatorId(wanted) ? wanted : undefined;
      const digits = readNumber(number.slice(0, 64));
      const again = (faults: readonly NumberFault[]): Stepped => ({
        standing,
        tried: { number: number.slice(0, 64), operator: chosen ?? null, faults },
      });
      const faults = await faultsOfNumber(digits, number, chosen);
      if (digits === null || faults.length > 0) return again(faults);
      const waitMs = await admit(standing, visitor, digits);
      if (waitMs !== null) return { ...again(['too_often']), waitMs };
      await consent(standing, visitor, 'number', digits);
      return (await begin(standing, visitor, digits, chosen)) ? { standing } : null;
    },

    /** Another try with the number that was given before. */
    async tryAgain(standing: Standing, visitor: Visitor): Promise<Stepped> {
      const offer = standing.payment && tryAgainOffer(standing.payment);
      if (!standing.payment || !offer || offer.mustWait) return { standing };
      const last = currentSale(standing.payment);
      const waitMs = await admit(standing, visitor, last.accountNumber);
      if (waitMs !== null) {
        await store.choose(standing.session.tokenHash, { numberWantedAfter: last.operationNo });
        return { standing, tried: { faults: ['too_often'] }, waitMs };
      }
      await consent(standing, visitor, 'again', last.accountNumber);
      const [known] = last.candidates.length === 1 ? last.candidates : [last.operator ?? undefined];
      await begin(standing, visitor, last.accountNumber, known);
      return { standing };
    },

    /** Another number: lets go of a sale whose code is awaited; after a decline there is nothing to let go of. */
    async changeNumber(standing: Standing): Promise<Stepped> {
      if (!standing.payment) return { standing };
      const { operationNo, state } = currentSale(standing.payment);
      await store.choose(standing.session.tokenHash, { numberWantedAfter: operationNo });
      if (state === 'awaiting_code') await payments.giveUp(standing.session.key, operationNo);
      return { standing };
    },

    /** Pay under the code. */
    async giveCode(standing: Standing, visitor: Visitor, typed: string): Promise<Stepped> {
      if (!standing.payment) return { standing };
      const code = typed.slice(0, 64).replaceAll(/[\s-]/g, '');
      if (!/^[0-9A-Za-z]{3,10}$/.test(code)) return { standing, tried: { notice: 'code_malformed' } };
      await consent(standing, visitor, 'code', currentSale(standing.payment).accountNumber);
      const result = await payments.submitCode(standing.session.key, code, randomUUID(), RESEND_PATIENCE_MS);
      const isKeptBack = result.kind === 'refused' && result.refusal.why === 'resend_in_flight';
      return { standing, ...(isKeptBack && { tried: { notice: 'enter_again' } }) };
    },

    async resend(standing: Standing): Promise<Stepped> {
      if (!standing.payment) return { standing };
      const result = await payments.requestResend(standing.session.key);
      const isEarly = result.kind === 'refused' && result.refusal.why === 'resend_too_early';
      return { standing, ...(isEarly && { tried: { notice: 'resend_too_early' } }) };
    },

    /** The payer leaves for good. */
    async leave(standing: Standing): Promise<Stepped> {
      if (standing.payment) await payments.endRetries(standing.session.key);
      return { standing };
    },

    /** Forgets what no page needs any more. */
    async forget(): Promise<void> {
      await store.forgetBefore(clock.now() - FORGET_AFTER_MS);
      await guard.forget(clock.now());
    },

    /** What is wrong with a link, signed or not, null when nothing is; for a merchant's server that asks beforehand. */
    async check(form: PageForm, formFaults: readonly Fault[]): Promise<Refused | null> {
      const link = await checkLink(form, formFaults, parts.door, { mayBeUnsigned: true });
      return link.kind === 'refused' ? link : null;
    },
  };
}
