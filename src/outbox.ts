import type { Clock } from './clock.js';
import { type Claim, countRecords, type Group, type Rest } from './group.js';
import { type RecordView, toSample } from './record.js';
import { type SeverityBand, severityBand } from './severity.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What waits for one destination: groups, never texts. An hour's outage needs no more memory than a minute's. */
export interface Outbox {
  /** Adds a record, and as many equal ones as `count` says, to its group. */
  fold(view: RecordView, fingerprint: string, count?: number): void;
  waiting(): readonly Group[];
  rest(): Rest;
  /** Records that wait. */
  pending(): number;
  /** What has waited since before then (monotonic milliseconds). */
  waitingSinceBefore(millis: number): Claim;
  /** What the claim holds was shown, or will never be: it leaves; what came since stays. Gives the number of records. */
  settle(claim: Claim): number;
  /** The claim was sent and not answered. */
  markUnanswered(claim: Claim): void;
  /** The look of the claim was refused. */
  markPlainText(claim: Claim): void;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions {
  readonly clock: Clock;
  /** Groups that are told apart; records of further ones are only counted. */
  readonly maxGroups: number;
  readonly newId: () => string;
}

const NO_REST: Rest = { records: 0, bySeverity: new Map() };

/** Makes an empty {@link Outbox}. */
export function createOutbox({ clock, maxGroups, newId }: OutboxOptions): Outbox {
  const groups = new Map<string, Mutable<Group>>();
  let rest = NO_REST;
  let restSinceMillis = 0;

  const renew = (group: Group, count: number): Mutable<Group> => ({
    ...group,
    id: newId(),
    count,
    firstSeenMillis: group.lastSeenMillis,
    waitingSinceMillis: clock.monotonic(),
    unanswered: 0,
  });

  const settleGroup = (claimed: Group): number => {
    const group = groups.get(claimed.fingerprint);
    if (group?.id !== claimed.id) return 0;
    if (group.count > claimed.count) groups.set(group.fingerprint, renew(group, group.count - claimed.count));
    else groups.delete(group.fingerprint);
    return Math.min(group.count, claimed.count);
  };

  const addToRestNow = (name: SeverityBand['name'], count: number): void => {
    if (rest.records === 0) restSinceMillis = clock.monotonic();
    rest = addToRest(rest, name, count);
  };

  const settleRest = (name: SeverityBand['name'], claimed: number): number => {
    const count = Math.min(claimed, rest.bySeverity.get(name) ?? 0);
    rest = addToRest(rest, name, -count);
    return count;
  };

  const mark = (claim: Claim, change: (group: Mutable<Group>, claimed: Group) => void): void => {
    for (const claimed of claim.groups) {
      const group = groups.get(claimed.fingerprint);
      if (group?.id === claimed.id) change(group, claimed);
    }
  };

  return {
    fold(view, fingerprint, count = 1) {
      const group = groups.get(fingerprint);
      if (group) addTo(group, view, count);
      else if (groups.size < maxGroups)
        groups.set(fingerprint, { ...newGroup(view, fingerprint, newId(), clock), count });
      else addToRestNow(severityBand(view.severityNumber).name, count);
    },
    waiting: () => [...groups.values()],
    rest: () => rest,
    waitingSinceBefore: (millis) => ({
      groups: [...groups.values()].filter((group) => group.waitingSinceMillis < millis).map((group) => ({ ...group })),
      rest: restSinceMillis < millis ? rest : NO_REST,
    }),
    pending: () => countRecords({ groups: [...groups.values()], rest }),
    settle(claim) {
      // What left just now, and not what the claim says: a claim that is settled twice must not count twice.
      let records = 0;
      for (const claimed of claim.groups) records += settleGroup(claimed);
      for (const [name, count] of claim.rest.bySeverity) records += settleRest(name, count);
      return records;
    },
    markUnanswered: (claim) =>
      mark(claim, (group, claimed) => {
        group.unanswered = claimed.count;
      }),
    markPlainText: (claim) =>
      mark(claim, (group) => {
        group.asPlainText = true;
      }),
  };
}

function newGroup(view: RecordView, fingerprint: string, id: string, clock: Clock): Mutable<Group> {
  return {
    id,
    fingerprint,
    sample: toSample(view),
    count: 1,
    firstSeenMillis: view.timeMillis,
    lastSeenMillis: view.timeMillis,
    waitingSinceMillis: clock.monotonic(),
    unanswered: 0,
    asPlainText: false,
  };
}

function addTo(group: Mutable<Group>, view: RecordView, count: number): void {
  group.count += count;
  group.firstSeenMillis = Math.min(group.firstSeenMillis, view.timeMillis);
  group.lastSeenMillis = Math.max(group.lastSeenMillis, view.timeMillis);
}

function addToRest(rest: Rest, name: SeverityBand['name'], count: number): Rest {
  const bySeverity = new Map(rest.bySeverity);
  bySeverity.set(name, (bySeverity.get(name) ?? 0) + count);
  if (bySeverity.get(name) === 0) bySeverity.delete(name);
  return { records: rest.records + count, bySeverity };
}
