import type { ReadableLogRecord } from '../record/otel.js';
import { type RecordView, readRecord } from '../record/read-record.js';
import { toSample } from '../record/sample.js';
import type { MessageRef } from '../slack/types.js';
import type { Group, LiveMessage } from './group.js';
import { GroupStore, type GroupStoreOptions } from './group-store.js';
import { endOf, isOver, isSilenced } from './lifecycle.js';
import type { LiveGroup } from './mutable-group.js';
import type { Selection } from './notification.js';
import type { KeptRecords } from './saved/group-codec.js';
import type { Said } from './saved/notification-codec.js';
import { Keeping, type Unspooled } from './saved/unsaved.js';

/** What is known for one destination: groups, never texts. An hour's outage needs no more memory than a minute's. */
export interface Outbox {
  /** Adds a record, and as many equal ones as `records` says, to its group. Gives how many of them are silenced. */
  fold(view: RecordView, fingerprint: string, records?: number): number;
  /** Counts records that never arrived here, to be told. */
  lose(records: number): void;
  groups(): readonly Group[];
  /** Messages of which something goes on elsewhere, and which do not say so yet. */
  outdated(): readonly LiveMessage[];
  /** Records that wait to be shown. */
  pending(): number;
  /** Of them, those that stand in a request that was never answered. */
  unconfirmed(): number;

  /** Slack confirmed it. Gives how many records were shown for the first time. */
  sent(selection: Selection, place: string, ref: MessageRef | undefined): number;
  /** What waits in these groups will never be shown. Gives the number of records. */
  giveUp(groups: readonly Group[]): number;
  /** It was sent and not answered. */
  markUnanswered(selection: Selection): void;
  /** Its look was refused. */
  markPlainText(selection: Selection): void;
  /** Slack does not let us change the message any more: what goes on is posted. */
  freeze(message: LiveMessage): void;
  /** Its reactions were looked at. */
  looked(message: LiveMessage): void;
  /** Somebody wants to hear no more of what the message shows. Gives how many records of it will never be shown. */
  silence(message: LiveMessage): number;
  /** Somebody says that what the message shows is done. */
  closeProblems(message: LiveMessage): void;
  /** Somebody was woken because of these. */
  mentioned(groups: readonly Group[]): void;
  forget(groups: readonly Group[]): void;

  /** What came and is in memory only: it is on its way to the disk now. None when nothing is ever kept there. */
  takeUnspooled(): readonly Unspooled[];
  /** It is on the disk under these ids, in its order; undefined: it did not get there, and is given again. */
  spooled(unspooled: readonly Unspooled[], ids: readonly string[] | undefined): void;
  /** Takes what an earlier process had. Gives how many records of it are silenced. */
  restore(records: KeptRecords, id: string, writtenAtMillis: number): number;
  /** What an earlier process said, by fingerprint: what comes of it goes on from there. Gives how many records are silenced. */
  recall(said: ReadonlyMap<string, Said>): number;
  /** These entries belong to another process now. Gives how many records of them waited here. */
  handOver(ids: readonly string[]): number;
  /** What waits and is not on the disk is given up. Gives how many records that are. */
  dropUnspooled(): number;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions extends GroupStoreOptions {
  /** There are threads, to tell what is new inside a group. */
  readonly hasThreads: boolean;
  /** How it stands with the group has changed for those who read. */
  readonly onSaid?: ((group: Group) => void) | undefined;
}

/** Makes an empty {@link Outbox}. */
export function createOutbox(options: OutboxOptions): Outbox {
  return new GroupOutbox(options);
}

class GroupOutbox implements Outbox {
  readonly #options: OutboxOptions;
  readonly #store: GroupStore;
  readonly #keeping: Keeping;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#store = new GroupStore(options);
    this.#keeping = new Keeping({ ...options, store: this.#store });
  }

  fold(view: RecordView, fingerprint: string, records = 1): number {
    const { clock, policy, hasThreads } = this.#options;
    const nowMillis = clock.monotonic();
    const known = this.#store.get(fingerprint);
    const group = known ?? this.#create(view, fingerprint);
    const ended = endOf(group, policy, nowMillis);
    if (ended !== undefined) this.#store.restart(group, ended);
    this.#store.add(group, view, records);
    if (isSilenced(group, nowMillis)) {
      group.silenced += records;
      return this.#store.show(group);
    }
    // The first one is what the group is known by.
    if (hasThreads && known !== undefined) lookForNews(group, view, nowMillis);
    return 0;
  }

  lose(records: number): void {
    const { clock, policy, redactor } = this.#options;
    const view = lossView(clock.now());
    const group = this.#store.loss(() => toSample(view, redactor));
    if (isOver(group, policy, clock.monotonic())) this.#store.restart(group, 'quiet');
    this.#store.add(group, view, records);
  }

  groups(): readonly Group[] {
    return this.#store.all();
  }

  outdated(): readonly LiveMessage[] {
    return this.#store.messages.outdated();
  }

  pending(): number {
    return this.#store.pending;
  }

  unconfirmed(): number {
    return this.#store
      .all()
      .filter(({ kind }) => kind !== 'loss')
      .reduce((sum, { unanswered, count, shown }) => sum + Math.max(0, Math.min(unanswered, count) - shown), 0);
  }

  sent(selection: Selection, place: string, ref: MessageRef | undefined): number {
    const nowMillis = this.#options.clock.monotonic();
    const groups = this.#store.same(selection.groups);
    this.#written(selection, groups, { place, ref, nowMillis });
    for (const group of groups) {
      if (selection.whys.get(group.fingerprint) === 'escalated') group.rate.accustom(nowMillis);
    }
    const records = selection.act === 'reply' ? 0 : this.#shown(selection);
    this.#keeping.tell(this.#store.same(selection.groups));
    return records;
  }

  giveUp(groups: readonly Group[]): number {
    const records = groups.reduce((sum, group) => sum + this.#store.show(group), 0);
    // What was never said has nothing by which a reader would know it again.
    for (const { fingerprint, sayings } of groups) if (sayings === 0) this.#store.forget(fingerprint);
    return records;
  }

  markUnanswered({ act, rows }: Selection): void {
    if (act === 'reply') return;
    for (const row of rows) {
      const group = this.#store.get(row.fingerprint);
      if (group?.id === row.groupId) group.unanswered = row.count;
    }
  }

  markPlainText(selection: Selection): void {
    for (const group of this.#store.same(selection.groups)) group.asPlainText = true;
  }

  freeze(message: LiveMessage): void {
    this.#store.messages.freeze(message);
  }

  looked(message: LiveMessage): void {
    this.#store.messages.looked(message, this.#options.clock.monotonic());
  }

  silence(message: LiveMessage): number {
    const { clock, policy } = this.#options;
    const untilAtMillis = clock.monotonic() + policy.silenceMillis;
    let records = 0;
    for (const group of this.#store.in(message)) {
      // A reaction silences once: it still stands there when its time is over.
      if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) continue;
      if (group.kind !== 'loss') group.silenced += group.count - group.shown;
      records += this.#store.show(group);
      group.silencedUntilAtMillis = untilAtMillis;
      group.isClosed = false;
    }
    this.#store.messages.answered(message);
    this.#keeping.tell(this.#store.in(message));
    return records;
  }

  closeProblems(message: LiveMessage): void {
    for (const group of this.#store.in(message)) {
      if (group.count > group.shown) this.#store.restart(group, 'closed');
      else group.isClosed = true;
      this.#keeping.tell([group]);
    }
    this.#store.messages.answered(message);
  }

  mentioned(groups: readonly Group[]): void {
    const same = this.#store.same(groups);
    for (const group of same) group.mentionedAtMillis = this.#options.clock.monotonic();
    this.#keeping.tell(same);
  }

  forget(groups: readonly Group[]): void {
    for (const { fingerprint } of groups) this.#store.forget(fingerprint);
  }

  takeUnspooled(): readonly Unspooled[] {
    return this.#keeping.takeUnspooled();
  }

  spooled(unspooled: readonly Unspooled[], ids: readonly string[] | undefined): void {
    this.#keeping.spooled(unspooled, ids);
  }

  restore(records: KeptRecords, id: string, writtenAtMillis: number): number {
    return this.#keeping.restore(records, id, writtenAtMillis);
  }

  recall(said: ReadonlyMap<string, Said>): number {
    return this.#keeping.recall(said);
  }

  handOver(ids: readonly string[]): number {
    return this.#keeping.handOver(ids);
  }

  dropUnspooled(): number {
    return this.#keeping.dropUnspooled();
  }

  #create(view: RecordView, fingerprint: string): LiveGroup {
    const group = this.#store.create({ fingerprint, sample: () => toSample(view, this.#options.redactor) });
    if (group.kind === 'problem') this.#keeping.resume(group);
    return group;
  }

  /** Where it was written, and what that means for its groups. */
  #written(selection: Selection, groups: readonly LiveGroup[], { place, ref, nowMillis }: Written): void {
    const { messages } = this.#store;
    const { act, message, whys } = selection;
    if (act === 'update' && message) messages.updated(message, selection, nowMillis);
    if (act === 'reply' && message) {
      messages.replied(message, nowMillis);
      for (const group of groups) group.tell(whys.get(group.fingerprint) === 'news');
    }
    if (act !== 'post') return;
    const posted = messages.posted(selection, place, ref, nowMillis);
    for (const group of groups) {
      messages.leave(group.moveTo(posted, nowMillis));
      // What can be changed goes on saying it; what cannot has said it.
      if (ref === undefined) group.recoveredAtMillis = undefined;
    }
  }

  #shown({ rows }: Selection): number {
    return rows
      .filter(({ standing }) => standing !== 'moved')
      .reduce((sum, { fingerprint, groupId: id, count }) => sum + this.#store.show({ fingerprint, id, count }), 0);
  }
}

/** Where and when a message was written. */
interface Written {
  readonly place: string;
  readonly ref: MessageRef | undefined;
  readonly nowMillis: number;
}

/** The record is counted already: what cannot be compared is no news. */
function lookForNews(group: LiveGroup, view: RecordView, nowMillis: number): void {
  try {
    group.lookForNews(view, nowMillis);
  } catch {
    // It is counted, and that is what matters.
  }
}

/** Records that were lost before they came here, as a record like any other. */
function lossView(nowMillis: number): RecordView {
  return readRecord({
    severityNumber: 13,
    severityText: 'WARN',
    body: LOSS_TEXT,
    hrTime: [Math.floor(nowMillis / 1_000), (nowMillis % 1_000) * 1_000_000],
  } as ReadableLogRecord);
}

const LOSS_TEXT = 'never arrived: the queue was full. Raise maxQueueSize, or log less';
