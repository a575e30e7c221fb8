import type { Group } from '../groups/index.js';
import { type SeverityBand, severityBand } from '../record/index.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * How old a new record may become before a message shows it. Slack's rate limits allow too few requests to show all at
 * once, so the record with the nearest deadline goes first: severe problems in most cases, but never always.
 */
const FRESHNESS_MILLIS: Readonly<Record<SeverityBand['name'], number>> = {
  FATAL: 30 * SECOND,
  ERROR: 2 * MINUTE,
  WARN: 5 * MINUTE,
  INFO: 5 * MINUTE,
  DEBUG: 5 * MINUTE,
  TRACE: 5 * MINUTE,
  UNSPECIFIED: 5 * MINUTE,
};

/** The longest time within which a new record of the group must be shown. A `rest` or `loss` group is no problem of its own. */
export function freshnessMillis({ kind, sample }: Pick<Group, 'kind' | 'sample'>): number {
  return FRESHNESS_MILLIS[kind === 'problem' ? severityBand(sample.severityNumber).name : 'UNSPECIFIED'];
}

/** The time after which a record is late: a third of the bound, so that the rest remains to show it. */
export function lateAfterMillis(group: Pick<Group, 'kind' | 'sample'>): number {
  return freshnessMillis(group) / 3;
}

/** Whether the oldest pending record of the group has waited so long that the rate limit may be the cause. */
export function isLate(group: Group, nowMillis: number): boolean {
  return waitedMillis(group, nowMillis) >= lateAfterMillis(group);
}

/** Whether the record must be shown before updates that bring no new records. */
export function isUrgent(group: Group, nowMillis: number): boolean {
  return waitedMillis(group, nowMillis) >= URGENT_SHARE * freshnessMillis(group);
}

/** The share of the bound after which a record is urgent. The rest suffices for a few other updates. */
const URGENT_SHARE = 0.5;

function waitedMillis({ waitingSinceAtMillis }: Group, nowMillis: number): number {
  return waitingSinceAtMillis === undefined ? Number.NEGATIVE_INFINITY : nowMillis - waitingSinceAtMillis;
}

/** Until when the oldest pending record of the group must be shown; infinity when none is pending. */
export function deadlineMillis(group: Group): number {
  return (group.waitingSinceAtMillis ?? Number.POSITIVE_INFINITY) + freshnessMillis(group);
}

/** Whether the group has records that no message shows. */
export function hasNews({ count, shown }: Group): boolean {
  return count > shown;
}
