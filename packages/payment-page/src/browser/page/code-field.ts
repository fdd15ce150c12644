let listening: AbortController | undefined;

/** Makes the code's field take what is pasted, and asks the browser to read the code off the text message where it can. */
export function enhanceCode(root: HTMLElement): void {
  listening?.abort();
  const field = root.querySelector<HTMLInputElement>('#code');
  if (!field) return;
  field.addEventListener('input', () => {
    const digits = digitsOf(field.value);
    if (digits !== field.value) field.value = digits;
  });
  void readMessage(field);
}

/** Of a whole message the lone run of 4 to 8 digits, else every digit there is. */
function digitsOf(text: string): string {
  const runs = /[^\d\s-]/.test(text) ? (text.match(/\d{4,8}/g) ?? []) : [];
  return runs.length === 1 && runs[0] !== undefined ? runs[0] : text.replaceAll(/\D/g, '');
}

/** WebOTP; works only for messages bound to this origin, so nothing relies on it. */
async function readMessage(field: HTMLInputElement): Promise<void> {
  if (!('OTPCredential' in window)) return;
  listening = new AbortController();
  const wish = { otp: { transport: ['sms'] }, signal: listening.signal };
  try {
    const found: unknown = await navigator.credentials.get(wish);
    if (found && typeof found === 'object' && 'code' in found) field.value = digitsOf(String(found.code));
  } catch {
    // Refused, not bound to this origin, or the screen moved on: the payer types.
  }
}
