import type { Report } from '@rocketpay/contract/debugging/report.ts';
import { exampleSecret } from '@rocketpay/contract/openapi/examples.ts';
import { html, type Html } from '../html.ts';
import { examples } from './examples.ts';
import { reportHtml } from './report-html.ts';

export interface Filled {
  readonly body: string;
  readonly signature: string;
  readonly signed: string;
  /** Of an example only. */
  readonly secret: string;
}

export const nothing: Filled = { body: '', signature: '', signed: '', secret: '' };

/** The form as an example fills it in; undefined for a name that none has. */
export function filledBy(name: string, sandbox: boolean): Filled | undefined {
  const found = examples.find((example) => example.name === name);
  return found && { ...found, secret: sandbox ? exampleSecret : '' };
}

/** The secret's field has no name: no browser ever sends it. It is of use only to the script, which shows it. */
const secretField = (value: string): Html =>
  html`<div id="secret-field" hidden>
    <label class="field" for="secret">Secret</label>
    <p class="hint" id="secret-hint">
      Stays in this browser: the signature is computed on this page. The sandbox’s is <code>test-secret</code>.
    </p>
    <input
      type="text"
      id="secret"
      value="${value}"
      aria-describedby="secret-hint"
      autocomplete="off"
      spellcheck="false"
    />
  </div>`;

/** The debugger's page. Without a script it shows the text to sign; with one it signs and judges as well. */
export function signaturePage(filled: Filled, sandbox: boolean, report: Report | undefined): Html {
  return html`<h1>Signature debugger</h1>
    <p>
      Paste the body of a request or a callback and see the text that is signed, line by line, and why a signature does
      not fit. Try:
      ${examples.map(
        ({ name, title }, at) =>
          html`${at > 0 && ', '}<a href="/docs/signature?example=${name}">${title.toLowerCase()}</a>`,
      )}.
    </p>
    <form method="post" action="/docs/signature" id="signature-form">
      <label class="field" for="body">Body that was sent</label>
      <p class="hint" id="body-hint">JSON, as it goes over the wire. Its own signature is read from it.</p>
      <textarea id="body" name="body" rows="9" required spellcheck="false" aria-describedby="body-hint">
${filled.body}</textarea>
      <label class="field" for="given">Signature, if it is not in the body</label>
      <input
        type="text"
        id="given"
        name="signature"
        value="${filled.signature}"
        autocomplete="off"
        spellcheck="false"
      />
      ${sandbox && secretField(filled.secret)}
      <label class="field" for="signed">Body or text that you signed, if you have it</label>
      <p class="hint" id="signed-hint">Shows where it differs from what was sent.</p>
      <textarea id="signed" name="signed" rows="4" spellcheck="false" aria-describedby="signed-hint">
${filled.signed}</textarea>
      <div class="buttons">
        <button class="first" type="submit">Explain</button>
        <button type="button" id="step-through" hidden>Step through</button>
      </div>
      ${
        !sandbox &&
        html`<p class="hint">
          A secret is never asked for here. To check a signature, run
          <code>node_modules/.bin/node tools/signature.ts</code> where the secret is.
        </p>`
      }
    </form>
    <div id="report" aria-live="polite" tabindex="-1">${report && reportHtml(report)}</div>`;
}
