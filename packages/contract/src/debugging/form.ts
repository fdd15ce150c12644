/** What is wrong with the look of a signature, before anything is computed; undefined for one that looks right. */
export function faultOfForm(signature: string): string | undefined {
  if (/^[A-Za-z0-9+/]{86}==$/.test(signature)) return undefined;
  if (signature === '') return 'It is empty.';
  if (signature.length > maxLooked) return lengthSays(signature);
  const found = forms.find(({ test }) => test.test(signature));
  if (found) return found.says;
  return signature.length === 88
    ? 'Its 88 characters are not base64 of 64 bytes: that is 86 letters, digits, + or /, and == at the end.'
    : lengthSays(signature);
}

const lengthSays = ({ length }: string): string => `It has ${length} characters; 88 of standard base64 are expected.`;

/** A signature of any kind is shorter; all that is beyond it is looked at no further. */
const maxLooked = 1_000;

const forms: readonly { test: RegExp; says: string }[] = [
  { test: /^\s|\s$/, says: 'It has white space before or behind it.' },
  { test: /^["'].*["']$/, says: 'It stands in quotes.' },
  { test: /%2B|%2F|%3D/i, says: 'It is URL-encoded: %2B, %2F and %3D must be +, / and =.' },
  { test: /\\\//, says: 'It is JSON-escaped: \\/ is / once the JSON is parsed.' },
  {
    test: /^(?=[^ ]* )[A-Za-z0-9+/ ]*==$/,
    says: 'It has spaces where + was: a form decoder has been over it.',
  },
  {
    test: /^[0-9a-f]{128}$/i,
    says: 'These are the 64 bytes in hex. Base64 of the raw bytes is expected: ask your HMAC for binary output.',
  },
  { test: /^[0-9a-f]{64}$/i, says: 'This is hex of 32 bytes, as of SHA-256. HMAC-SHA-512 in base64 is expected.' },
  { test: /^[A-Za-z0-9+/]{43}=$/, says: 'This is base64 of 32 bytes, as of SHA-256. HMAC-SHA-512 is expected.' },
  { test: /^[0-9a-f]{40}$/i, says: 'This is hex of 20 bytes, as of SHA-1. HMAC-SHA-512 in base64 is expected.' },
  { test: /^[A-Za-z0-9+/]{86}$/, says: 'The padding is missing: == belongs to the end.' },
  { test: /^[A-Za-z0-9_-]{86}(?:==)?$/, says: 'This is base64url: - and _ must be + and /, with == at the end.' },
  {
    test: /^[A-Za-z0-9+/]{170,172}={0,2}$/,
    says: 'This is base64 of a hex text. Base64 of the 64 raw bytes is expected: ask your HMAC for binary output.',
  },
];
