import { empty, hang, raw, reset, type Step } from '../test-kit/operator.ts';

/** What the line or the far side does to a call, and what it says of the provider's health. */
export interface Trouble {
  readonly name: string;
  readonly step: Step;
  /** What the breaker counts; null where the service did answer. */
  readonly ill: 'no_answer' | 'server_error' | null;
  /** Only the call's time-out ends it. */
  readonly isSilence?: true;
}

const page = '<!doctype html><title>Gateway</title>';
const broken = '{"paymentId":"p-1","st';

const typed =
  (status: number, type: string, text: string): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': type }).end(text);
const half: Step = (response) =>
  void response.writeHead(201, { 'content-length': '900' }).write(broken, () => response.socket?.end());
const drip: Step = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{');
const huge: Step = (response) => response.writeHead(200).end('x'.repeat(400_000));

/** After every one of these nobody knows what became of a changing call: only asking tells. */
export const doubts: readonly Trouble[] = [
  { name: 'no answer', step: hang, ill: 'no_answer', isSilence: true },
  { name: 'an answer that never ends', step: drip, ill: 'no_answer', isSilence: true },
  { name: 'a connection broken after the call was read', step: reset, ill: 'no_answer' },
  { name: 'half an answer', step: half, ill: 'no_answer' },
  { name: '500', step: empty(500), ill: 'server_error' },
  { name: '500 with a body', step: typed(500, 'application/json', '{"code":"INTERNAL"}'), ill: 'server_error' },
  { name: '502 with a page', step: typed(502, 'text/html', page), ill: 'server_error' },
  { name: '503', step: raw(503, 'busy'), ill: 'server_error' },
  { name: '504', step: empty(504), ill: 'server_error' },
  { name: '200 with a page', step: typed(200, 'text/html', page), ill: null },
  { name: '201 with broken text', step: typed(201, 'application/json', broken), ill: null },
  { name: '206 with nothing', step: empty(206), ill: null },
  {
    name: 'a redirect',
    step: (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    ill: null,
  },
  { name: 'a status nobody knows', step: typed(418, 'text/plain', 'teapot'), ill: null },
];

/** An answer longer than any of a provider's: given up while it is read. */
export const endless: Step = huge;
