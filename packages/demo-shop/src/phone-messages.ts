/** A text message on a simulated phone. */
export interface PhoneMessage {
  readonly text: string;
  readonly code: string | undefined;
  readonly operator: string;
  readonly sentAt: Date;
}

export type ReadMessages = (digits: string) => Promise<readonly PhoneMessage[] | undefined>;

const WAIT_MS = 2_000;
const SHOWN = 4;

/**
 * Reads what the simulated phone shows, newest first; undefined when the simulator does not answer. A real shop never sees
 * its customers' messages: here they lie beside the shop so that one screen is enough to try a purchase.
 */
export function messagesFrom(simulatorUrl: string): ReadMessages {
  return async (digits) => {
    try {
      const signal = AbortSignal.timeout(WAIT_MS);
      const answer = await fetch(`${simulatorUrl}/phones/${digits}/messages`, { signal });
      const messages: unknown = answer.ok ? await answer.json() : [];
      return Array.isArray(messages) ? messages.slice(0, SHOWN).flatMap(readMessage) : undefined;
    } catch {
      return undefined;
    }
  };
}

function readMessage(message: unknown): PhoneMessage[] {
  if (typeof message !== 'object' || message === null) return [];
  const { text, code, operator, sent_at: sentAt } = message as Readonly<Record<string, unknown>>;
  const at = new Date(typeof sentAt === 'string' ? sentAt : Number.NaN);
  if (typeof text !== 'string' || Number.isNaN(at.getTime())) return [];
  return [
    {
      text,
      code: typeof code === 'string' && code !== '' ? code : undefined,
      operator: typeof operator === 'string' ? operator : '',
      sentAt: at,
    },
  ];
}
