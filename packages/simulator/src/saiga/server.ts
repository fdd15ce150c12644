import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Aggregator, SAIGA_SENTINELS, type Form } from './aggregator.ts';

/** How far a caller's clock may be off. */
const CLOCK_SKEW_S = 300;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

function sign(fields: Form, secret: string): string {
  const text = Object.keys(fields)
    .filter((name) => name !== 'sign')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  return createHmac('sha256', secret).update(text).digest('hex');
}

function isSigned(fields: Form, secret: string): boolean {
  const given = Buffer.from(fields['sign'] ?? '');
  const expected = Buffer.from(sign(fields, secret));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const encoded = (fields: Form): string => new URLSearchParams(fields).toString();

/** Sends a callback until it is answered with `OK`. */
function createNotifier(secret: string): (url: string, fields: Form) => void {
  async function send(url: string, fields: Form, tries: number): Promise<void> {
    const stamped = { ...fields, ts: String(Math.floor(Date.now() / 1_000)) };
    const answer = await fetch(`${url}?${encoded({ ...stamped, sign: sign(stamped, secret) })}`)
      .then((response) => response.text())
      .catch(() => '');
    const wait = RETRY_MS[tries];
    if (answer !== 'OK' && wait !== undefined) setTimeout(() => void send(url, fields, tries + 1), wait).unref();
  }
  return (url, fields) => void setImmediate(() => void send(url, fields, 0));
}

async function readForm(request: IncomingMessage): Promise<Form> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}

/** Saiga over HTTP: its API, and for people the texts on a phone and the ledger, as the operator simulator shows them. */
export function createSaiga({ secret, merchant }: { readonly secret: string; readonly merchant: string }): Server {
  const aggregator = new Aggregator(createNotifier(secret));

  function show({ pathname: path, searchParams }: URL, response: ServerResponse): void {
    const phone = /^\/phones\/(\d+)\/messages$/.exec(path)?.[1];
    if (phone !== undefined) {
      const texts = aggregator.texts.filter((text) => text.phone === phone);
      const rows = texts.map(({ text, code, sentAt }) => ({ text, code, operator: 'SAIGA', sent_at: stamp(sentAt) }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(rows));
    } else if (path === '/ledger') {
      const reference = searchParams.get('reference');
      const entries = aggregator.ledger.filter((entry) => reference === null || entry.reference === reference);
      const lines = entries.map((entry) => JSON.stringify({ ...entry, currency: 'KZT', at: stamp(entry.at) }));
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines.join('\n'));
    } else if (path === '/') {
      const rows = Object.entries(SAIGA_SENTINELS).map(([digits, what]) => `…${digits}  ${what}\n`);
      const text = `Saiga. Numbers that end so:\n\n${rows.join('')}\n/phones/<digits>/messages, /ledger\n`;
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    } else if (path === '/api/ping' || path === '/health/ready') response.writeHead(200).end('result=0');
    else response.writeHead(404).end();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://saiga');
    if (request.method !== 'POST') return show(url, response);
    const form = await readForm(request);
    const late = Math.abs(Date.now() / 1_000 - Number(form['ts'])) > CLOCK_SKEW_S;
    const known = form['merchant'] === merchant && isSigned(form, secret) && !late;
    const answer = known ? aggregator.do(url.pathname.replace('/api/', ''), form) : { fields: { result: '10' } };
    if (!answer) response.writeHead(404).end();
    else if (answer.instead === 'error') response.writeHead(500).end();
    else if (answer.instead !== 'lost') {
      response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end(encoded(answer.fields));
    }
  }

  return createServer((request, response) => void serve(request, response));
}

const stamp = (at: number): string => new Date(at).toISOString();
