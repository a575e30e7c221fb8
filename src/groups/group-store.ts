import type { RecordView, Sample } from '../record/index.js';
import type { Redactor } from '../redact/index.js';
import type { Clock } from '../util/index.js';
import type { Episode, Group, PostedMessage } from './group.js';
import { MutableGroup } from './mutable-group.js';
import type { Policy } from './policy.js';
import { PostedMessages } from './posted-messages.js';
import { ChunkList } from './saved/chunks.js';

/** Options of {@link GroupStore}. */
export interface GroupStoreOptions {
  readonly clock: Clock;
  readonly policy: Policy;
  /** The highest number of groups. Records of further problems are counted in one `rest` group. */
  readonly maxGroups: number;
  readonly newId: () => string;
  /** Removes secrets from the samples. */
  readonly redactor: Redactor;
  /** Set when there is a spool. Called with the ids of spool entries that have no pending record any more. */
  readonly onShown?: ((ids: readonly string[]) => void) | undefined;
}

/** The input of {@link GroupStore.create}. */
export interface NewGroup {
  readonly kind?: 'problem' | 'rest';
  readonly fingerprint: string;
  readonly sample: () => Sample;
  /** The sample holds only what a headline needs. Default: false. */
  readonly isBrief?: boolean;
  /** The id that an earlier process gave to the group. Default: a new one. */
  readonly id?: string | undefined;
}

const REST = '\u0000rest';
const LOSS = '\u0000loss';
/** The share of `maxGroups` that is evicted at once when the store is full, because an eviction for each record is slow. */
const EVICTED_SHARE = 0.1;
/** A group of a single record can be evicted after this time, although it is not quiet yet. */
const SINGLE_RECORD_MILLIS = 5 * 60_000;
/** After an eviction that found nothing, the next attempt comes no earlier than this. */
const EVICTION_INTERVAL_MILLIS = 1_000;

/** The groups of one destination, at most `maxGroups`, and the number of their pending records. */
export class GroupStore {
  readonly messages: PostedMessages;
  /** Groups that may have records that are not saved. */
  readonly unsaved: Set<MutableGroup> = new Set();
  /** The groups of the saved entries, by entry id. */
  readonly savedIn: Map<string, MutableGroup> = new Map();
  readonly #options: GroupStoreOptions;
  readonly #groups = new Map<string, MutableGroup>();
  #pending = 0;
  /** The number of groups of the kind `problem`. */
  #problems = 0;
  /** The number of problems with pending records. */
  #pendingProblems = 0;
  #nextEvictionAtMillis = Number.NEGATIVE_INFINITY;

  constructor(options: GroupStoreOptions) {
    this.#options = options;
    this.messages = new PostedMessages(options.maxGroups);
  }

  /** The number of pending records: accepted and not yet shown in a message. */
  get pending(): number {
    return this.#pending;
  }

  all(): readonly MutableGroup[] {
    return [...this.#groups.values()];
  }

  get(fingerprint: string): MutableGroup | undefined {
    return this.#groups.get(fingerprint);
  }

  /** Returns the stored groups of these snapshots, without groups that were forgotten or began a new episode since. */
  current(groups: readonly Group[]): readonly MutableGroup[] {
    return groups
      .map(({ fingerprint, id }) => ({ id, group: this.#groups.get(fingerprint) }))
      .filter((found): found is { id: string; group: MutableGroup } => found.group?.id === found.id)
      .map(({ group }) => group);
  }

  /**
   * The groups that an answer to this message is about: those that it shows. A message of a single group also stands for
   * the group after it moved to a digest, because people may not have noticed that.
   */
  answeredIn(message: PostedMessage): readonly MutableGroup[] {
    const isAbout = ({ fingerprint, id }: MutableGroup): boolean =>
      message.kind === 'single' && message.rows.get(fingerprint)?.groupId === id;
    return this.all().filter((group) => group.message === message || isAbout(group));
  }

  /** Creates a group. When the store is full, returns the `rest` group, which may exist already. */
  create({ kind: requestedKind, fingerprint, sample, isBrief = false, id }: NewGroup): MutableGroup {
    const { clock, maxGroups, newId, redactor, onShown } = this.#options;
    const nowMillis = clock.monotonic();
    if (this.#problems >= maxGroups) this.#evict(nowMillis);
    const kind = requestedKind === 'rest' || this.#problems >= maxGroups ? 'rest' : 'problem';
    const key = kind === 'rest' ? REST : fingerprint;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const chunks = onShown && new ChunkList();
    const first = { sample: sample(), isBrief, chunks };
    const group = new MutableGroup({ kind, fingerprint: key, id: id ?? newId(), ...first, redactor, nowMillis });
    this.#groups.set(key, group);
    if (kind === 'problem') this.#problems++;
    return group;
  }

  /** Returns the group that counts records dropped before the exporter. Creates it if there is none. */
  loss(sample: () => Sample): MutableGroup {
    const { clock, newId, redactor } = this.#options;
    const known = this.#groups.get(LOSS);
    if (known !== undefined) return known;
    const about = { kind: 'loss', fingerprint: LOSS, id: newId() } as const;
    const group = new MutableGroup({ ...about, sample: sample(), redactor, nowMillis: clock.monotonic() });
    this.#groups.set(LOSS, group);
    return group;
  }

  /** Counts a record. `records`: how many equal records it represents, itself included. */
  add(group: MutableGroup, view: RecordView, records: number, nowMillis: number): void {
    this.changed(group, () => group.add(view, records, nowMillis));
    if (group.kind !== 'loss') this.#pending += records;
    if (group.chunks !== undefined) this.unsaved.add(group);
  }

  /** Changes the number of pending records, when records are restored or given to another process. */
  addPending(records: number): void {
    this.#pending += records;
  }

  /** Applies a change to a group after which it may or may not be pending, and updates the counts. */
  changed(group: MutableGroup, change: () => void): void {
    const before = isPending(group);
    change();
    if (group.kind === 'problem') this.#pendingProblems += Number(isPending(group)) - Number(before);
  }

  /**
   * Marks the first `count` records of a group as shown: a confirmed message includes them, or they are dropped. Returns
   * how many of them were pending.
   */
  show({ fingerprint, id, count }: Pick<Group, 'fingerprint' | 'id' | 'count'>): number {
    const group = this.#groups.get(fingerprint);
    if (group === undefined || group.id !== id) return 0;
    let records = 0;
    this.changed(group, () => {
      records = group.show(count, this.#options.clock.monotonic());
    });
    if (group.kind === 'loss') return 0;
    this.#pending -= records;
    if (group.chunks !== undefined) this.acknowledge(group.chunks.show(records));
    return records;
  }

  /** Acknowledges spool entries that have no pending record any more. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) this.savedIn.delete(id);
    if (ids.length > 0) this.#options.onShown?.(ids);
  }

  /** Forgets a group, unless it has pending records. */
  forget(fingerprint: string): void {
    const group = this.#groups.get(fingerprint);
    if (group === undefined || isPending(group)) return;
    this.#groups.delete(fingerprint);
    if (group.kind === 'problem') this.#problems--;
    // The group is not updated any more, so its message must not show it as live.
    if (group.message?.rows.get(fingerprint)?.status === 'live') this.messages.markOutdated(group.message);
  }

  /** Begins a new episode of the group, under a new id. */
  restart(group: MutableGroup, ended: Episode['ended']): void {
    group.restart(this.#options.newId(), ended);
  }

  /**
   * Evicts the groups that were quiet for longest, because a new problem matters more than one that is over or occurred
   * once. A problem that continues is never evicted: each of its records would be posted as a new problem.
   */
  #evict(nowMillis: number): void {
    if (this.#pendingProblems >= this.#problems || nowMillis < this.#nextEvictionAtMillis) return;
    const { quietAfterMillis } = this.#options.policy;
    const candidates = this.all()
      .filter((group) => group.kind === 'problem' && !isPending(group) && group.silencedUntilAtMillis <= nowMillis)
      .filter(
        ({ count, lastCameAtMillis }) =>
          nowMillis - lastCameAtMillis >= (count === 1 ? SINGLE_RECORD_MILLIS : quietAfterMillis),
      )
      .sort((a, b) => a.lastCameAtMillis - b.lastCameAtMillis);
    if (candidates.length === 0) this.#nextEvictionAtMillis = nowMillis + EVICTION_INTERVAL_MILLIS;
    const maxEvicted = Math.ceil(this.#options.maxGroups * EVICTED_SHARE);
    for (const { fingerprint } of candidates.slice(0, maxEvicted)) this.forget(fingerprint);
  }
}

function isPending({ waitingSinceAtMillis }: MutableGroup): boolean {
  return waitingSinceAtMillis !== undefined;
}
