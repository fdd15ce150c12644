import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refundTable } from '../refund/refund-table.ts';
import type { RefundState, SaleState } from './payment.ts';
import { saleStates } from './payment.ts';
import { can, saleTable, type SaleCell, type SaleRow } from './sale-table.ts';

const cells = Object.entries(saleTable).flatMap(([row, states]) =>
  saleStates.map((state) => ({ row: row as SaleRow, state, cell: states[state] as SaleCell, at: `${row} × ${state}` })),
);
const refundCells = Object.entries(refundTable).flatMap(([row, states]) =>
  Object.entries(states).map(([state, cell]) => ({ row, state: state as RefundState, cell, at: `${row} × ${state}` })),
);

const moves = cells.flatMap(({ cell, ...rest }) => (cell.kind === 'move' ? [{ ...rest, cell }] : []));
const isFinished = (state: SaleState): boolean => state === 'succeeded' || state === 'declined';

const silence: readonly SaleRow[] = [
  'answer_lost',
  'answer_suspicious',
  'lease_expired',
  'look_up_unanswered',
  'in_work',
  'not_found',
  'not_sent',
  'cancel_not_sent',
  'open_for_a_day',
  'odd_notice',
  'retry_due',
];
const providersWord: readonly SaleRow[] = ['charged', 'denied', 'denied_to_cancel', 'cancelled'];
const personsWord: readonly SaleRow[] = ['settled_succeeded', 'settled_declined'];
const ourEnds: readonly SaleRow[] = [
  'attempts_spent',
  'given_up',
  'payer_left',
  'refused_by_rules',
  'rules_broken_by_answer',
  'breaker_open',
  // A deadline:
  'still_pending_late',
  'not_found_late',
  'deadline_passed',
  'deadline_unanswered',
  // Tried and surely never sent:
  'not_sent_spent',
];

test('nothing leaves a finished state', () => {
  for (const { state, at } of moves) assert.ok(!isFinished(state), at);
  for (const { state, cell, at } of refundCells) assert.ok(state === 'sending' || cell.kind !== 'move', at);
});

test("only the provider's own word or a person's leaves confirming", () => {
  const leaving = moves.filter(({ state }) => state === 'confirming').map(({ row }) => row);
  assert.deepEqual(new Set(leaving), new Set([...providersWord, ...personsWord]));
});

test('a decline has an author; silence is none', () => {
  const authors = new Set<SaleRow>([...providersWord, 'settled_declined', ...ourEnds]);
  for (const { row, cell, at } of moves) if (cell.to === 'declined') assert.ok(authors.has(row), at);
  for (const { row, at } of moves) assert.ok(!silence.includes(row), at);
});

test('a purchase succeeds by a charge or by a person only', () => {
  for (const { row, cell, at } of moves) {
    if (cell.to === 'succeeded') assert.ok(row === 'charged' || row === 'settled_succeeded', at);
  }
});

test('every finish, and every wish for a code, is told to the merchant once', () => {
  for (const { cell, at } of moves) {
    const tells = cell.orders.filter((order) => order === 'tell').length;
    assert.equal(tells, isFinished(cell.to) || cell.to === 'awaiting_code' ? 1 : 0, at);
  }
  for (const { row, state, cell, at } of cells) {
    const tellsInPlace = cell.kind === 'stay' && cell.orders.includes('tell');
    assert.ok(!tellsInPlace || state === 'awaiting_code', `${at} tells of ${row} without a change`);
  }
  for (const { cell, at } of refundCells) if (cell.kind === 'move') assert.ok(cell.orders.includes('tell'), at);
});

test('only merchants, payers and persons can be refused', () => {
  const asking = new Set<SaleRow>(['code_submitted', 'resend_requested', 'given_up', 'payer_left', ...personsWord]);
  for (const { row, cell, at } of cells) if (cell.kind === 'refuse') assert.ok(asking.has(row), at);
});

test('money that was asked for is never let go of unasked: only an answered cancel or a person ends the asking', () => {
  for (const { row, state, cell, at } of cells) {
    if (cell.kind !== 'stay' || state !== 'declined' || !cell.orders.includes('clear_cancel')) continue;
    assert.ok(
      ['charged', 'charged_other_amount', 'denied', 'cancelled', 'not_found', 'not_found_late'].includes(row),
      at,
    );
  }
});

test('silence makes us ask again in every open state', () => {
  const asks = new Set([
    'look_up',
    'look_up_later',
    'last_look_up',
    'retry',
    'prepare',
    'validate',
    'resend',
    'confirm',
  ]);
  for (const { row, state, cell, at } of cells) {
    if (!silence.includes(row) || isFinished(state) || row === 'cancel_not_sent') continue;
    assert.ok(cell.kind === 'stay' && cell.orders.some((order) => asks.has(order)), at);
  }
});

test('a lost answer and a dead lease are asked after; no call is made again unasked', () => {
  const doubts = new Set([
    'answer_lost',
    'answer_suspicious',
    'lease_expired',
    'refund_answer_lost',
    'refund_lease_expired',
  ]);
  const harmless = new Set(['look_up', 'incident']);
  for (const { row, cell, at } of [...cells, ...refundCells]) {
    if (!doubts.has(row) || cell.kind !== 'stay') continue;
    for (const order of cell.orders) assert.ok(harmless.has(order), `${at}: ${order}`);
  }
});

test("every open state's deadline moves it or asks again", () => {
  for (const { row, state, cell, at } of cells) {
    if (isFinished(state) || (row !== 'deadline_passed' && row !== 'deadline_unanswered')) continue;
    const asks = cell.kind === 'stay' && cell.orders.some((order) => order === 'look_up' || order === 'last_look_up');
    assert.ok(cell.kind === 'move' || asks, at);
  }
});

test('a charge after a decline is given back, and a person sees it', () => {
  for (const row of ['charged', 'charged_again', 'charged_other_amount'] as const) {
    const cell: SaleCell = saleTable[row].declined;
    assert.ok(cell.kind === 'stay' && cell.orders.includes('reverse') && cell.orders.includes('incident'), row);
  }
});

test('a refund ends by the provider’s word or a person’s only, and each end settles or frees its sum', () => {
  const ends = {
    succeeded: ['refund_done', 'refund_settled_succeeded'],
    declined: ['refund_denied', 'refund_settled_declined'],
  };
  for (const { row, cell, at } of refundCells) {
    if (cell.kind !== 'move') continue;
    const orders: readonly string[] = cell.orders;
    assert.ok(cell.to !== 'sending' && ends[cell.to].includes(row), at);
    assert.ok(orders.includes(cell.to === 'declined' ? 'release' : 'settle'), at);
  }
});

test('held sums move nowhere else', () => {
  for (const { cell, at } of refundCells) {
    if (cell.kind !== 'stay') continue;
    const orders: readonly string[] = cell.orders;
    assert.ok(!orders.includes('release') && !orders.includes('settle'), at);
  }
});

test('an end to the tries is told by its order alone, and only where a sale was declined', () => {
  for (const { row, state, cell, at } of cells) {
    const ends = (cell.kind === 'stay' || cell.kind === 'move') && cell.orders.includes('end_tries');
    assert.equal(ends, state === 'declined' && (row === 'payer_left' || row === 'tries_over'), at);
  }
});

test('what a payer may do follows from the table', () => {
  const allowed = (action: Parameters<typeof can>[0]) => saleStates.filter((state) => can(action, state));
  assert.deepEqual(allowed('code_submitted'), ['awaiting_code']);
  assert.deepEqual(allowed('resend_requested'), ['awaiting_code']);
  assert.deepEqual(allowed('given_up'), ['awaiting_code']);
});
