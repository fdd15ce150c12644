import { isSignable } from '../canonical.ts';
import { parseJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { compareLines, signedLines } from './difference.ts';
import type { Difference } from './difference.ts';
import { listed } from './findings.ts';
import type { Findings } from './findings.ts';
import { faultOfForm } from './form.ts';
import { base64Of, hmacOf } from './keyed.ts';
import { changedOf, droppedOf, signatureIn } from './members.ts';
import { repeatedIn } from './repeated.ts';
import { textsToSign } from './texts.ts';
import type { TextToSign } from './texts.ts';
import { judge } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Everything is text as somebody pasted it; an empty member counts as absent. */
export type Question = {
  readonly body: string;
  readonly signature?: string | undefined;
  readonly secret?: string | undefined;
  /** The body, or the text, that was signed, where it may not be what was sent. */
  readonly signed?: string | undefined;
};

export type Report =
  | { readonly ok: false; readonly problem: string }
  | {
      readonly ok: true;
      /** The members that give no line. */
      readonly dropped: Findings;
      /** The lines that do not say what the body says. */
      readonly changed: Findings;
      readonly texts: readonly TextToSign[];
      /** Of each text, where there is a secret. */
      readonly signatures: readonly string[] | undefined;
      readonly given: string | undefined;
      readonly fault: string | undefined;
      readonly verdict: Verdict;
      readonly difference: Difference | undefined;
    };

/** Bodies beyond this are not what anybody debugs by hand. */
export const maxBody = 65_536;

const problems = {
  'not-utf8': 'The body is not UTF-8',
  'not-json': 'The body is not JSON',
  'too-deep': 'The body is nested too deeply',
};

/** What the runtime says of the first place that is not JSON, which differs from browser to browser. */
function placeOf(reason: keyof typeof problems, text: string): string {
  if (reason !== 'not-json') return '.';
  if (/^[\w.]+=/.test(text)) return ': it looks like a form. Give the JSON, or the parameters as a JSON object.';
  try {
    JSON.parse(text);
    return '.';
  } catch (error) {
    return error instanceof Error ? `: ${error.message}.` : '.';
  }
}

const filled = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text);

/** Explains what is signed of a body and, with a secret, why a signature fits or does not. */
export async function explain(question: Question): Promise<Report> {
  const { body: sent } = question;
  if (sent.trim() === '') return { ok: false, problem: 'There is no body.' };
  if (sent.length > maxBody) return { ok: false, problem: `The body has more than ${maxBody} characters.` };
  const signed = filled(question.signed?.trim());
  if (signed !== undefined && signed.length > maxBody)
    return { ok: false, problem: `What was signed has more than ${maxBody} characters.` };
  const parsed = parseJson(new TextEncoder().encode(sent));
  if (!parsed.ok) return { ok: false, problem: problems[parsed.reason] + placeOf(parsed.reason, sent) };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problem: 'The body is JSON, and not an object.' };
  const body = value as JsonObject;
  if (!isSignable(body)) return { ok: false, problem: 'The text to sign would be too long to be accepted.' };

  const texts = textsToSign(body);
  const given = filled(question.signature?.trim()) ?? signatureIn(body);
  const secret = filled(question.secret);
  const signatures =
    secret === undefined
      ? undefined
      : await Promise.all(texts.map(async ({ text }) => base64Of(await hmacOf('SHA-512', secret, text))));
  return {
    ok: true,
    dropped: listed(chained(repeatedIn(sent), droppedOf(body))),
    changed: listed(changedOf(body)),
    texts,
    signatures,
    given,
    fault: given === undefined ? undefined : faultOfForm(given),
    verdict: await judge(body, sent, given, secret, texts, signatures),
    difference: signed === undefined ? undefined : compareLines(signedLines(signed), texts[0]?.lines ?? []),
  };
}

function* chained<Item>(...all: readonly Iterable<Item>[]): Iterable<Item> {
  for (const each of all) yield* each;
}
