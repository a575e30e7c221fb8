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
export function createOutbox(options: OutboxOptions): Outbox {
  return new GroupOutbox(options);
}

class GroupOutbox implements Outbox {
  readonly #options: OutboxOptions;
  readonly #groups = new Map<string, Mutable<Group>>();
  #rest: Rest = NO_REST;
  #restSinceMillis = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  fold(view: RecordView, fingerprint: string, count = 1): void {
    const { clock, maxGroups, newId } = this.#options;
    const group = this.#groups.get(fingerprint);
    if (group) addTo(group, view, count);
    else if (this.#groups.size < maxGroups) {
      this.#groups.set(fingerprint, { ...newGroup(view, fingerprint, newId(), clock), count });
    } else this.#addToRest(severityBand(view.severityNumber).name, count);
  }

  waiting(): readonly Group[] {
    return [...this.#groups.values()];
  }

  rest(): Rest {
    return this.#rest;
  }

  pending(): number {
    return countRecords({ groups: this.waiting(), rest: this.#rest });
  }

  waitingSinceBefore(millis: number): Claim {
    const groups = this.waiting().filter((group) => group.waitingSinceMillis < millis);
    return {
      groups: groups.map((group) => ({ ...group })),
      rest: this.#restSinceMillis < millis ? this.#rest : NO_REST,
    };
  }

  settle(claim: Claim): number {
    // What left just now, and not what the claim says: a claim that is settled twice must not count twice.
    let records = 0;
    for (const claimed of claim.groups) records += this.#settleGroup(claimed);
    for (const [name, count] of claim.rest.bySeverity) records += this.#settleRest(name, count);
    return records;
  }

  markUnanswered(claim: Claim): void {
    this.#mark(claim, (group, claimed) => {
      group.unanswered = claimed.count;
    });
  }

  markPlainText(claim: Claim): void {
    this.#mark(claim, (group) => {
      group.asPlainText = true;
    });
  }

  #settleGroup(claimed: Group): number {
    const group = this.#groups.get(claimed.fingerprint);
    if (group?.id !== claimed.id) return 0;
    if (group.count > claimed.count)
      this.#groups.set(group.fingerprint, this.#renewed(group, group.count - claimed.count));
    else this.#groups.delete(group.fingerprint);
    return Math.min(group.count, claimed.count);
  }

  /** What came of a group while its message was under way: the same problem, but another message. */
  #renewed(group: Group, count: number): Mutable<Group> {
    return {
      ...group,
      id: this.#options.newId(),
      count,
      firstSeenMillis: group.lastSeenMillis,
      waitingSinceMillis: this.#options.clock.monotonic(),
      unanswered: 0,
    };
  }

  #addToRest(name: SeverityBand['name'], count: number): void {
    if (this.#rest.records === 0) this.#restSinceMillis = this.#options.clock.monotonic();
    this.#rest = addToRest(this.#rest, name, count);
  }

  #settleRest(name: SeverityBand['name'], claimed: number): number {
    const count = Math.min(claimed, this.#rest.bySeverity.get(name) ?? 0);
    this.#rest = addToRest(this.#rest, name, -count);
    return count;
  }

  #mark(claim: Claim, change: (group: Mutable<Group>, claimed: Group) => void): void {
    for (const claimed of claim.groups) {
      const group = this.#groups.get(claimed.fingerprint);
      if (group?.id === claimed.id) change(group, claimed);
    }
  }
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
