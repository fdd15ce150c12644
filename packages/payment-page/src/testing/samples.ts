import { CONSENT_VERSION } from '../consent.ts';
import type { CodeScreen, DeclineScreen, NumberScreen, PageModel, PayerReason, Screen } from '../model.ts';
import type { Language } from '../surroundings.ts';

/** A moment in the afternoon in Kazakhstan. */
export const NOW = Date.UTC(2026, 10, 27, 9, 30);
const consent = { version: CONSENT_VERSION };
const maskedNumber = '+7 7•• ••• •• 67';

/** A page as a test wants it: a number asked for by a shop with everything set, unless said otherwise. */
export function samplePage(wish: Partial<PageModel> = {}): PageModel {
  return {
    language: 'ru',
    languages: ['kk', 'ru', 'en'],
    project: {
      name: 'Bereke Books',
      logo: null,
      accent: null,
      support: { email: 'help@bereke.example', phone: '+7 727 123 45 67', url: null },
      termsUrl: 'https://bereke.example/terms',
      sandbox: false,
    },
    payment: { id: 'payment_47', description: 'Абай. Қара сөздер', amountMinor: 100_000, currency: 'KZT' },
    basePath: '/payment/s/token',
    opened: 'tab',
    version: 'v1',
    now: NOW,
    bestBefore: null,
    returnLink: { open: 'iframe', url: 'https://bereke.example/cart', when: 'before' },
    autoRedirect: null,
    requestId: null,
    result: null,
    screen: numberScreen(),
    ...wish,
  };
}

export function numberScreen(wish: Partial<NumberScreen> = {}): NumberScreen {
  return {
    kind: 'number',
    operators: (['BEELINE', 'KCELL', 'ACTIV', 'TELE2', 'ALTEL'] as const).map((id) => ({ id, unavailable: null })),
    chosen: null,
    locked: false,
    number: '',
    faults: [],
    prefixes: {
      '701': ['KCELL', 'ACTIV'],
      '702': ['KCELL', 'ACTIV'],
      '705': ['BEELINE'],
      '707': ['TELE2'],
      '777': ['BEELINE'],
    },
    consent,
    ...wish,
  };
}

export function codeScreen(wish: Partial<CodeScreen> = {}): CodeScreen {
  return {
    kind: 'code',
    request: 'op1-1',
    maskedNumber,
    operator: 'BEELINE',
    codeExpiresAt: NOW + 80_000,
    resendAllowedAt: NOW + 80_000,
    resendsLeft: 3,
    resending: false,
    attemptsLeft: 5,
    deadlineAt: NOW + 1_800_000,
    notice: null,
    mayChangeNumber: true,
    consent,
    ...wish,
  };
}

const decline = (reason: PayerReason, tryAgain: DeclineScreen['tryAgain'] = null): DeclineScreen => ({
  kind: 'decline',
  reason,
  tryAgain,
});

const again = { left: 4, until: NOW + 540_000, ready: true };

const beelineDown: NumberScreen['operators'] = numberScreen().operators.map((operator) =>
  operator.id === 'BEELINE' ? { ...operator, unavailable: { kind: 'outage' } } : operator,
);

/** Every screen there is, in every state that looks different. */
export const screens: Readonly<Record<string, Screen>> = {
  methods: { kind: 'methods', methods: [{ code: 'mobile', unavailable: null }], preselected: 'mobile' },
  methodsDown: { kind: 'methods', methods: [{ code: 'mobile', unavailable: { kind: 'outage' } }], preselected: null },
  methodsNone: { kind: 'methods', methods: [], preselected: null },
  number: numberScreen(),
  numberChosen: numberScreen({ number: '77051234567', chosen: 'BEELINE' }),
  numberLocked: numberScreen({ chosen: 'TELE2', locked: true }),
  numberLockedDown: numberScreen({
    chosen: 'KCELL',
    locked: true,
    number: '77011234567',
    faults: ['operator_unavailable'],
    operators: [{ id: 'KCELL', unavailable: { kind: 'outage' } }],
  }),
  numberFaults: numberScreen({
    number: '705 12',
    faults: ['number_malformed', 'operator_missing', 'too_often'],
    operators: [
      { id: 'BEELINE', unavailable: { kind: 'outage' } },
      { id: 'KCELL', unavailable: { kind: 'above_maximum', limitMinor: 50_000 } },
      { id: 'ACTIV', unavailable: null },
      { id: 'TELE2', unavailable: { kind: 'day_limit' } },
      { id: 'ALTEL', unavailable: { kind: 'off' } },
    ],
  }),
  numberAway: numberScreen({ number: '77051234567', operators: beelineDown }),
  numberAwayPressed: numberScreen({
    number: '77051234567',
    operators: beelineDown,
    faults: ['operator_unavailable'],
  }),
  waitCode: { kind: 'waiting', for: 'code', since: NOW },
  waitResult: { kind: 'waiting', for: 'result', since: NOW },
  waitCancel: { kind: 'waiting', for: 'cancel', since: NOW },
  waitCodeSlow: { kind: 'waiting', for: 'code', since: NOW - 600_000 },
  waitResultSlow: { kind: 'waiting', for: 'result', since: NOW - 600_000 },
  waitCancelSlow: { kind: 'waiting', for: 'cancel', since: NOW - 600_000 },
  code: codeScreen(),
  codeWrong: codeScreen({ notice: 'code_wrong', attemptsLeft: 2, codeExpiresAt: NOW + 42_000 }),
  codeOver: codeScreen({
    notice: 'code_expired',
    codeExpiresAt: NOW - 1,
    resendAllowedAt: NOW - 1,
    resendsLeft: 1,
    attemptsLeft: 1,
  }),
  codeResent: codeScreen({ notice: 'code_resent', resendsLeft: 0, operator: null }),
  codeResending: codeScreen({ resending: true, resendsLeft: 2, resendAllowedAt: NOW - 1, mayChangeNumber: false }),
  codeResendFailed: codeScreen({ notice: 'resend_failed', resendAllowedAt: NOW - 1, mayChangeNumber: false }),
  success: { kind: 'success', at: NOW, maskedNumber, operator: 'BEELINE' },
  declineNotAccepted: decline('not_accepted', again),
  declineNoMoney: decline('no_money'),
  declineOther: decline('another_payment', { left: 1, until: NOW + 45_000, ready: true }),
  declineDown: decline('operator_down'),
  declineDownAgain: decline('operator_down', again),
  declineSoon: decline('operator_down', { ...again, ready: false }),
  expired: { kind: 'expired' },
  unavailable: { kind: 'unavailable' },
};

/** One of the screens in its usual surroundings. */
export function sampleOf(name: string, language: Language): PageModel {
  const screen = screens[name];
  if (!screen) throw new Error(`No screen is called ${name}`);
  const isOver = ['success', 'decline', 'expired'].includes(screen.kind);
  const bestBefore = { from: NOW - 600_000, at: NOW + 225_000 };
  const { project } = samplePage();
  return samplePage({
    language,
    screen,
    bestBefore: name === 'numberChosen' || name === 'methods' ? bestBefore : null,
    project: { ...project, sandbox: name === 'number' },
    returnLink: { open: 'iframe', url: 'https://bereke.example/cart', when: isOver ? 'fail' : 'before' },
  });
}
