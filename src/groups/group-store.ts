import type { RecordView } from '../record/read-record.js';
import type { Sample } from '../record/sample.js';
import type { Redactor } from '../redact/redactor.js';
import type { Clock } from '../util/clock.js';
import type { Episode, Group, PostedMessage } from './group.js';
import type { Policy } from './lifecycle.js';
import { MutableGroup } from './mutable-group.js';
import { PostedMessages } from './posted-messages.js';
import { ChunkList } from './saved/chunks.js';

/** Options of {@link GroupStore}. */
export interface GroupStoreOptions {
  readonly clock: Clock;
  readonly policy: Policy;
  /** Groups that are told apart; the records of further ones are counted in one. */
  readonly maxGroups: number;
  readonly newId: () => string;
  /** Takes the secrets out of what is kept. */
  readonly redactor: Redactor;
  /** What waits is kept on the disk; called with entries of which nothing waits any more. */
  readonly onShown?: ((ids: readonly string[]) => void) | undefined;
}

/** What a new group begins with. */
export interface NewGroup {
  readonly kind?: 'problem' | 'rest';
  readonly fingerprint: string;
  readonly sample: () => Sample;
  /** The sample is only what a headline needs. */
  readonly isBrief?: boolean;
}

const REST = '\u0000rest';
const LOSS = '\u0000loss';
/** When the bound is reached, so many of those that have nothing to say are forgotten at once, so that it is not done for each record. */
const FORGOTTEN_AT_ONCE = 0.1;
/** What came once and not again for so long makes room for what is new, though it is not quiet yet. */
const ONCE_MILLIS = 5 * 60_000;
/** Where there was no room, none is looked for again before. */
const LOOK_FOR_ROOM_EVERY_MILLIS = 1_000;

/** The groups of one destination, within their bound, and how many of their records wait. */
export class GroupStore {
  readonly messages: PostedMessages;
  /** Groups of which something may not be on the disk. */
  readonly unsaved: Set<MutableGroup> = new Set();
  /** The groups of the entries on the disk. */
  readonly savedIn: Map<string, MutableGroup> = new Map();
  readonly #options: GroupStoreOptions;
  readonly #groups = new Map<string, MutableGroup>();
  #pending = 0;
  /** Groups of the kind `problem`, and those of them of which something waits to be shown. */
  #problems = 0;
  #waiting = 0;
  #noRoomUntilAtMillis = Number.NEGATIVE_INFINITY;

  constructor(options: GroupStoreOptions) {
    this.#options = options;
    this.messages = new PostedMessages(options.maxGroups);
  }

  /** Records that wait to be shown. */
  get pending(): number {
    return this.#pending;
  }

  all(): readonly MutableGroup[] {
    return [...this.#groups.values()];
  }

  get(fingerprint: string): MutableGroup | undefined {
    return this.#groups.get(fingerprint);
  }

  /** Those that are still what they were. */
  same(groups: readonly Group[]): readonly MutableGroup[] {
    return groups
      .map(({ fingerprint, id }) => ({ id, group: this.#groups.get(fingerprint) }))
      .filter((found): found is { id: string; group: MutableGroup } => found.group?.id === found.id)
      .map(({ group }) => group);
  }

  in(message: PostedMessage): readonly MutableGroup[] {
    return this.all().filter((group) => group.message === message);
  }

  /** A new group; beyond the bound the one that counts the rest, which may be there already. */
  create({ kind: wanted, fingerprint, sample, isBrief = false }: NewGroup): MutableGroup {
    const { clock, maxGroups, newId, redactor, onShown } = this.#options;
    const nowMillis = clock.monotonic();
    if (this.#problems >= maxGroups) this.#makeRoom(nowMillis);
    const kind = wanted === 'rest' || this.#problems >= maxGroups ? 'rest' : 'problem';
    const key = kind === 'rest' ? REST : fingerprint;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const chunks = onShown && new ChunkList();
    const first = { sample: sample(), isBrief, chunks };
    const group = new MutableGroup({ kind, fingerprint: key, id: newId(), ...first, redactor, nowMillis });
    this.#groups.set(key, group);
    if (kind === 'problem') this.#problems++;
    return group;
  }

  /** The group that counts what never arrived here. */
  loss(sample: () => Sample): MutableGroup {
    const { clock, newId, redactor } = this.#options;
    const known = this.#groups.get(LOSS);
    if (known !== undefined) return known;
    const about = { kind: 'loss', fingerprint: LOSS, id: newId() } as const;
    const group = new MutableGroup({ ...about, sample: sample(), redactor, nowMillis: clock.monotonic() });
    this.#groups.set(LOSS, group);
    return group;
  }

  /** Counts a record, and as many equal ones as `records` says. */
  add(group: MutableGroup, view: RecordView, records: number, nowMillis: number): void {
    this.changed(group, () => group.add(view, records, nowMillis));
    if (group.kind !== 'loss') this.#pending += records;
    if (group.chunks !== undefined) this.unsaved.add(group);
  }

  /** Records that came in another way, or went: more of them wait, or fewer. */
  addPending(records: number): void {
    this.#pending += records;
  }

  /** Does something to a group by which it may begin or cease to wait. */
  changed(group: MutableGroup, change: () => void): void {
    const before = waits(group);
    change();
    if (group.kind === 'problem') this.#waiting += Number(waits(group)) - Number(before);
  }

  /** A message which Slack confirmed shows so many of a group; or they never will be shown. Gives how many waited. */
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

  /** Nothing of these entries on the disk waits any more. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) this.savedIn.delete(id);
    if (ids.length > 0) this.#options.onShown?.(ids);
  }

  /** Forgets a group of which nothing waits. */
  forget(fingerprint: string): void {
    const group = this.#groups.get(fingerprint);
    if (group === undefined || waits(group)) return;
    this.#groups.delete(fingerprint);
    if (group.kind === 'problem') this.#problems--;
    // Nobody follows it any more: its message must not go on saying that it is alive.
    if (group.message?.rows.get(fingerprint)?.status === 'live') this.messages.leave(group.message);
  }

  restart(group: MutableGroup, ended: Episode['ended']): void {
    group.restart(this.#options.newId(), ended);
  }

  /**
   * A problem that is new matters more than one that is over, or that came only once. One that goes on is never
   * forgotten: it would be posted anew each time it comes.
   */
  #makeRoom(nowMillis: number): void {
    if (this.#waiting >= this.#problems || nowMillis < this.#noRoomUntilAtMillis) return;
    const { quietAfterMillis } = this.#options.policy;
    const over = this.all()
      .filter((group) => group.kind === 'problem' && !waits(group) && group.silencedUntilAtMillis <= nowMillis)
      .filter(
        ({ count, lastCameAtMillis }) => nowMillis - lastCameAtMillis >= (count === 1 ? ONCE_MILLIS : quietAfterMillis),
      )
      .sort((a, b) => a.lastCameAtMillis - b.lastCameAtMillis);
    if (over.length === 0) this.#noRoomUntilAtMillis = nowMillis + LOOK_FOR_ROOM_EVERY_MILLIS;
    const most = Math.ceil(this.#options.maxGroups * FORGOTTEN_AT_ONCE);
    for (const { fingerprint } of over.slice(0, most)) this.forget(fingerprint);
  }
}

function waits({ waitingSinceAtMillis }: MutableGroup): boolean {
  return waitingSinceAtMillis !== undefined;
}
