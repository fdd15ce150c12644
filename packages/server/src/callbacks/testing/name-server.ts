import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { createNames, type Resolve } from '../names.ts';

/** What a name has: addresses of either family, or another name. Several entries are answers in turn, the last one for good. */
export type Zone = Readonly<Record<string, readonly (readonly string[])[]>>;

const types: Readonly<Record<number, (text: string) => boolean>> = {
  1: (text) => /^[0-9.]+$/.test(text),
  28: (text) => text.includes(':'),
};
const CNAME = 5;

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function dataOf(text: string): { type: number; data: Buffer } {
  if (types[1]?.(text)) return { type: 1, data: Buffer.from(text.split('.').map(Number)) };
  if (!text.includes(':')) return { type: CNAME, data: nameBytes(text) };
  const [head = '', tail] = text.split('::');
  const words = (part: string | undefined) => (part ? part.split(':').map((word) => Number.parseInt(word, 16)) : []);
  const [front, back] = [words(head), words(tail)];
  const all = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
  return { type: 28, data: Buffer.from(all.flatMap((word) => [word >> 8, word & 255])) };
}

function record(owner: string, text: string): Buffer {
  const { type, data } = dataOf(text);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(owner), head, data]);
}

/** A name server of the test's own, over UDP, and names that ask nobody else. */
export async function openNameServer(zone: Zone): Promise<{ resolve: Resolve; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const socket = createSocket('udp4');

  function answersFor(name: string, type: number): Buffer[] {
    const turns = zone[name] ?? [];
    const count = counts.get(`${type} ${name}`) ?? 0;
    counts.set(`${type} ${name}`, count + 1);
    const texts = turns[Math.min(count, turns.length - 1)] ?? [];
    return texts.flatMap((text) => {
      const own = record(name, text);
      if (dataOf(text).type === CNAME) return [own, ...answersFor(text, type)];
      return types[type]?.(text) ? [own] : [];
    });
  }

  socket.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
      at += 1 + length;
    }
    const name = labels.join('.');
    const type = query.readUInt16BE(at + 1);
    asked.push(name);
    const answers = answersFor(name, type);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 + (zone[name] ? 0 : 3), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...answers]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 10_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  // Each look-up is asked for anew: what a name server changes is seen at the next connection.
  let lookUp = 0;
  const resolve = createNames({
    resolve4: (name) => resolver.resolve4(name),
    resolve6: (name) => resolver.resolve6(name),
    lookup: () => Promise.reject(new Error('not in the hosts file')),
    monotonicMs: () => (lookUp += 60_000),
  });
  return { resolve, asked, close: () => socket.close() };
}
