import type { CallKind, PendingCall, Schedule } from '@rocketpay/core/payment/payment.ts';

/** A time as PostgreSQL's JSON gives it (text) or as the driver does (epoch milliseconds). */
export type RowTime = string | number | null;

export const timeToRow = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
export const timeFromRow = (at: RowTime): number | null =>
  at === null ? null : typeof at === 'number' ? at : Date.parse(at);
export const knownTime = (at: RowTime): number => {
  const time = timeFromRow(at);
  if (time === null) throw new Error('a time that is always set is missing in a stored row');
  return time;
};

/** The pending call as both operations' tables hold it. */
export interface PendingRow {
  pending_call: CallKind | null;
  pending_attempt: number | null;
  pending_started_at: RowTime;
  pending_in_doubt: boolean | null;
}

export function pendingToRow(call: PendingCall | null): PendingRow {
  return {
    pending_call: call?.kind ?? null,
    pending_attempt: call?.attempt ?? null,
    pending_started_at: timeToRow(call?.startedAt ?? null),
    pending_in_doubt: call?.inDoubt ?? null,
  };
}

export function pendingFromRow<Kind extends CallKind>(row: PendingRow): PendingCall<Kind> | null {
  if (row.pending_call === null) return null;
  return {
    kind: row.pending_call as Kind,
    attempt: row.pending_attempt ?? 0,
    startedAt: knownTime(row.pending_started_at),
    inDoubt: row.pending_in_doubt ?? true,
  };
}

/** What drives an operation on by itself, as both operations' tables hold it. */
export interface ScheduleRow {
  look_up_at: RowTime;
  look_ups: number;
  retry_at: RowTime;
  not_sent: number;
  not_sent_since: RowTime;
  open_since: RowTime;
  incident_raised: boolean;
  overdue_told: boolean;
}

export function scheduleToRow(schedule: Schedule): ScheduleRow {
  return {
    look_up_at: timeToRow(schedule.lookUpAt),
    look_ups: schedule.lookUps,
    retry_at: timeToRow(schedule.retryAt),
    not_sent: schedule.notSent,
    not_sent_since: timeToRow(schedule.notSentSince),
    open_since: timeToRow(schedule.openSince),
    incident_raised: schedule.incidentRaised,
    overdue_told: schedule.overdueTold,
  };
}

export function scheduleFromRow(row: ScheduleRow): Schedule {
  return {
    lookUpAt: timeFromRow(row.look_up_at),
    lookUps: row.look_ups,
    retryAt: timeFromRow(row.retry_at),
    notSent: row.not_sent,
    notSentSince: timeFromRow(row.not_sent_since),
    openSince: timeFromRow(row.open_since),
    incidentRaised: row.incident_raised,
    overdueTold: row.overdue_told,
  };
}
