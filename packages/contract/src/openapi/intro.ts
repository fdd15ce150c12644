/** The first page of the document. */
export const intro = `Gate is what a merchant's server talks to: purchases from a mobile balance, and refunds.

Every request is signed in its body, at \`general.signature\`: HMAC-SHA-512 over the body's canonical text, under the
project's secret. No particular \`Content-Type\` is asked for. Results come by callback, signed at the root. The guides
tell the whole road: [quick start](/docs/guides/quick-start), [signing](/docs/guides/signature),
[codes](/docs/guides/codes), and [the signature debugger](/docs/signature).

No text of a request may hold U+0000 or half of a surrogate pair, nor a \`;\` with the name of a member of the root and
\`:\` behind it: see [Gate](/docs/guides/gate).

Members may be added to answers and callbacks; a reader passes over those it does not know. The samples are signed for
the sandbox: project \`1234\`, secret \`test-secret\`.`;

export const tags = [
  { name: 'Purchase', description: 'From the first request to the code and the result.' },
  { name: 'Refund', description: 'In full or in parts.' },
  { name: 'Information', description: 'What can be paid with.' },
  { name: 'Payment Page', description: 'What a merchant’s server asks of the page that payers see.' },
];
