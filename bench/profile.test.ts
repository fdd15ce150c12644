import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupOf, summarizeProfile, type CpuProfile } from './profile.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

const payments = frame('advance', 'file:///x/packages/server/src/payments/payments.ts', 41);
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(idle)') },
    { id: 2, callFrame: payments },
    { id: 3, callFrame: payments, children: [6] },
    { id: 4, callFrame: frame('', 'file:///x/node_modules/@fastify/ajv/lib/a.js', 0) },
    { id: 5, callFrame: frame('(garbage collector)') },
    { id: 6, callFrame: frame('write', 'node:internal/streams/writable', 9), children: [7] },
    { id: 7, callFrame: frame('writev') },
  ],
  startTime: 1_000,
  endTime: 19_000,
  samples: [2, 3, 1, 4, 7, 5],
  timeDeltas: [0, 1_000, 2_000, 4_000, 3_000, 2_000],
};

test('self times: one function reached by two ways is one line, idling is apart', () => {
  const { busyMs, idleMs, functions } = summarizeProfile(profile, { top: 3 });
  assert.equal(busyMs, 8);
  assert.equal(idleMs, 4);
  assert.deepEqual(functions, [
    { name: 'advance', place: 'server/payments/payments.ts:42', selfMs: 3, share: 0.375 },
    { name: '(anonymous)', place: '@fastify/ajv/lib/a.js:1', selfMs: 3, share: 0.375 },
    { name: 'writev', place: 'for server/payments', selfMs: 2, share: 0.25 },
  ]);
});

test("a group's share includes what Node did for it", () => {
  assert.deepEqual(summarizeProfile(profile, { top: 0 }).groups, [
    { name: 'server/payments', selfMs: 5, share: 0.625, ownShare: 0.375 },
    { name: '@fastify/ajv', selfMs: 3, share: 0.375, ownShare: 0.375 },
  ]);
});

test('only samples within the window count', () => {
  const { busyMs, groups } = summarizeProfile(profile, { top: 9, window: { fromUs: 1_500, toUs: 2_500 } });
  assert.equal(busyMs, 2);
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['server/payments'],
  );
});

const grouped: [string, ReturnType<typeof frame>][] = [
  ['server/payments', frame('a', 'file:///x/packages/server/src/payments/store.ts')],
  ['server', frame('a', 'file:///x/packages/server/src/clock.ts')],
  ['contract', frame('a', 'file:///x/packages/contract/src/signature.ts')],
  ['pg', frame('a', 'file:///x/node_modules/pg/lib/client.js')],
  ['undici', frame('a', 'file:///x/node_modules/a/node_modules/undici/lib/client.js')],
  ['node:internal/streams', frame('a', 'node:internal/streams/readable')],
  ['node:_http_server', frame('a', 'node:_http_server')],
  ['native', frame('writev')],
  ['garbage collector', frame('(garbage collector)')],
];
for (const [group, callFrame] of grouped) {
  test(`${callFrame.url || callFrame.functionName} belongs to ${group}`, () => assert.equal(groupOf(callFrame), group));
}
