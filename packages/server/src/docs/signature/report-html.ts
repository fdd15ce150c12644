import { moreWords, type Findings } from '@rocketpay/contract/debugging/findings.ts';
import type { Report } from '@rocketpay/contract/debugging/report.ts';
import { orderWords, verdictWords } from '@rocketpay/contract/debugging/words.ts';
import { html, type Html } from '../html.ts';

type Good = Extract<Report, { ok: true }>;
type Step = { readonly title: string; readonly inside: Html };

const lines = (texts: readonly (string | Html)[]): Html =>
  html`<ol class="lines mono">
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ol>`;

const findings = (all: Findings): Html => {
  const more = moreWords(all);
  return html`<ul>
    ${all.listed.map(({ path, says }) => html`<li><code>${path}</code>: ${says}</li>`)}
    ${more !== undefined && html`<li>${more}</li>`}
  </ul>`;
};

function dropping({ dropped }: Good): Step {
  const inside = dropped.listed.length === 0 ? html`<p>Nothing: every member gives a line.</p>` : findings(dropped);
  return { title: 'Leave out what is not signed', inside };
}

function writing({ texts, changed }: Good): Step {
  return {
    title: 'Write every other value on a line behind its path, and sort the lines',
    inside: html`${lines(texts[0]?.lines ?? [])}${changed.listed.length > 0 && findings(changed)}`,
  };
}

/** What all texts together may take, in characters; beyond it the first is shown alone. */
const maxTexts = 262_144;

function joining({ texts }: Good): Step {
  const isLong = texts.reduce((length, { text }) => length + text.length, 0) > maxTexts;
  const each = (isLong ? texts.slice(0, 1) : texts).map(
    ({ text, orders, spelling }, at) =>
      html`${texts.length > 1 && html`<h3>${at + 1}. ${orderWords(orders, spelling)}</h3>`}
        <pre tabindex="0" role="group" aria-label="Text to sign ${at + 1}"><code class="whole">${text}</code></pre>`,
  );
  const intro =
    texts.length === 1
      ? html`<p>All four orders that the family’s SDKs sort in give this text.</p>`
      : html`<p>
          The family’s SDKs part over this body. A signature of any of these texts is accepted; the first is ours.
        </p>`;
  return {
    title: 'Join the lines with ; to the text to sign',
    inside: html`${intro}${each}${isLong && texts.length > 1 && html`<p>${tooLong(texts.length - 1)}</p>`}`,
  };
}

const tooLong = (count: number): string =>
  `${count === 1 ? 'The other text is' : `The other ${count} texts are`} too long to be shown here; node_modules/.bin/node tools/signature.ts prints all.`;

function hashing({ signatures, texts }: Good): Step {
  const title = 'HMAC-SHA-512 of that text under the secret, in base64';
  if (!signatures) return { title, inside: html`<p>Needs the secret.</p>` };
  const each = signatures.map(
    (signature, at) =>
      html`<li>${signatures.length > 1 && html`<span class="mark">text ${at + 1}</span>`}${signature}</li>`,
  );
  return {
    title,
    inside: html`<ol class="lines mono" aria-label="${texts.length} signatures">
      ${each}
    </ol>`,
  };
}

function verdict(report: Good): Html {
  const { tone, says, causes } = verdictWords(report, 'Paste what you signed as well.');
  return html`<p class="verdict ${tone}">${says}</p>
    ${
      causes.length > 0 &&
      html`<ul>
        ${causes.map((cause) => html`<li>${cause}</li>`)}
      </ul>`
    }`;
}

function judging(report: Good): Step {
  const { given, fault } = report;
  const inside = html`${given !== undefined && html`<p>Given: <code class="whole">${given}</code></p>`}
  ${fault !== undefined && html`<p>${fault}</p>`}${verdict(report)}`;
  return { title: 'Compare with the signature that was sent', inside };
}

const marks = { both: '', 'only-signed': 'only signed', 'only-sent': 'only sent' } as const;

function differing({ difference }: Good): Step[] {
  if (!difference) return [];
  const all = difference.lines.map(
    ({ kind, line }) => html`<li class="${kind}"><span class="mark">${marks[kind]}</span>${line}</li>`,
  );
  const inside = html`<p class="verdict plain">${difference.says}</p>
    <ol class="lines mono">
      ${all}
    </ol>`;
  return [{ title: 'What was signed beside what was sent', inside }];
}

/** The whole explanation, in steps that open and close without a script. */
export function reportHtml(report: Report): Html {
  if (!report.ok) return html`<p class="verdict bad">${report.problem}</p>`;
  const steps = [dropping, writing, joining, hashing, judging].map((step) => step(report));
  return html`${verdict(report)}
  ${[...steps, ...differing(report)].map(
    ({ title, inside }, at) =>
      html`<details class="step" open>
        <summary>${at + 1}. ${title}</summary>
        <div class="inside">${inside}</div>
      </details>`,
  )}`;
}
