type Message = { text: string; code?: string | null };

/** The code in the newest of a phone's messages, which stand newest first, that names this payment. */
export function newestCode(messages: unknown, paymentId: string): string | undefined {
  const sent = (messages as Message[]).find(({ text, code }) => code && text.includes(` ${paymentId}.`));
  return sent?.code ?? undefined;
}
