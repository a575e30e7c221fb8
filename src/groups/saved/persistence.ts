import type { Clock } from '../../util/index.js';
import type { Group } from '../group.js';
import type { GroupStore } from '../group-store.js';
import { howEpisodeEnded, isSilenced } from '../lifecycle.js';
import type { MutableGroup } from '../mutable-group.js';
import type { Policy } from '../policy.js';
import type { Chunk } from './chunks.js';
import { encodeGroup, type SavedGroup } from './group-codec.js';
import type { SavedNotification } from './notification-codec.js';

/** Records of a group that are in memory only, and the JSON value to save. */
export interface UnsavedChunk {
  readonly value: object;
  readonly group: MutableGroup;
  readonly chunk: Chunk;
}

/** Options of a {@link Persistence}. */
export interface PersistenceParts {
  readonly store: GroupStore;
  readonly clock: Clock;
  readonly policy: Policy;
  /** The notification state of the group has changed. */
  readonly onNotified?: ((group: Group) => void) | undefined;
}

/** The part of an outbox that outlives the process: it prepares records for the spool and restores saved ones. */
export class Persistence {
  readonly #parts: PersistenceParts;
  /** Saved notification states whose groups have no record in this process yet. */
  #savedNotifications = new Map<string, SavedNotification>();

  constructor(parts: PersistenceParts) {
    this.#parts = parts;
  }

  /** Returns all records that are in memory only, and marks them as being saved. {@link markSaved} must follow. */
  takeUnsaved(): readonly UnsavedChunk[] {
    const { unsaved } = this.#parts.store;
    const taken = [...unsaved].flatMap((group) =>
      (group.chunks?.take() ?? []).map((chunk) => {
        const { records, firstSeenMillis, lastSeenMillis, hasSample } = chunk;
        const value = encodeGroup(group, { records, firstSeenMillis, lastSeenMillis, isBrief: !hasSample });
        return { value, group, chunk };
      }),
    );
    unsaved.clear();
    return taken;
  }

  /** @param ids - the entry of each chunk; undefined or empty for what the spool did not take */
  markSaved(taken: readonly UnsavedChunk[], ids: readonly string[] | undefined): void {
    const { unsaved, savedIn } = this.#parts.store;
    const acknowledged: string[] = [];
    for (const [at, { group, chunk }] of taken.entries()) {
      const id = ids?.[at];
      if (id === undefined || id === '') {
        group.chunks?.failed(chunk);
        unsaved.add(group);
      } else if (group.chunks?.stored(chunk, id)) savedIn.set(id, group);
      else acknowledged.push(id);
    }
    this.#parts.store.acknowledge(acknowledged);
  }

  /** Adds records that an earlier process saved. Returns how many of them are silenced, and so never shown. */
  restore(records: SavedGroup, id: string, writtenAtMillis: number): number {
    const { store } = this.#parts;
    const group = store.get(records.fingerprint) ?? this.#create(records);
    const nowMillis = this.#beginEpisode(group);
    store.changed(group, () => group.restore(records, nowMillis));
    group.chunks?.restore(records.records, records.lastSeenMillis, { id, hasSample: !records.isBrief });
    store.savedIn.set(id, group);
    group.recoveredAtMillis = Math.max(group.recoveredAtMillis ?? Number.NEGATIVE_INFINITY, writtenAtMillis);
    store.addPending(records.records);
    return this.#silence(group, records.records, nowMillis);
  }

  /** Continues the messages of an earlier process. Returns how many pending records are silenced because of that. */
  continueNotifications(saved: ReadonlyMap<string, SavedNotification>): number {
    this.#savedNotifications = new Map(saved);
    return this.#parts.store
      .all()
      .filter(({ kind, postCount }) => kind === 'problem' && postCount === 0)
      .reduce((silenced, group) => silenced + this.continueNotification(group), 0);
  }

  /** Continues the message of one group, if its state was saved. Returns how many of its pending records are silenced. */
  continueNotification(group: MutableGroup): number {
    const saved = this.#savedNotifications.get(group.fingerprint);
    if (saved === undefined) return 0;
    this.#savedNotifications.delete(group.fingerprint);
    const { clock } = this.#parts;
    const { count, firstSeenMillis, lastSeenMillis, lastCameAtMillis, waitingSinceAtMillis } = group;
    group.continueFrom(saved, { wallMillis: clock.now(), atMillis: clock.monotonic() });
    // Saved again, because this process owns the message from now on.
    this.notified([group]);
    if (waitingSinceAtMillis === undefined) return 0;
    const nowMillis = this.#beginEpisode(group);
    group.addEarlier({ count, firstSeenMillis, lastSeenMillis, lastCameAtMillis }, waitingSinceAtMillis);
    return this.#silence(group, count, nowMillis);
  }

  /** Removes entries that another process has adopted. Returns their number of pending records. */
  releaseToOwner(ids: readonly string[]): number {
    const { savedIn } = this.#parts.store;
    let records = 0;
    for (const id of ids) {
      const group = savedIn.get(id);
      savedIn.delete(id);
      if (group?.chunks !== undefined) records += this.#takeBack(group, group.chunks.remove(id));
    }
    return records;
  }

  /** These entries are gone from the disk: their records are in memory only, until they are saved again. */
  markUnsaved(ids: readonly string[]): void {
    const { savedIn, unsaved } = this.#parts.store;
    for (const id of ids) {
      const group = savedIn.get(id);
      savedIn.delete(id);
      if (group?.chunks?.loosen(id)) unsaved.add(group);
    }
  }

  /** Removes pending records that are not saved. Returns their number. */
  dropUnsaved(): number {
    let records = 0;
    for (const group of this.#parts.store.all()) {
      if (group.chunks !== undefined) records += this.#takeBack(group, group.chunks.removeUnsaved());
    }
    return records;
  }

  /** The notification state of these groups has changed. */
  notified(groups: readonly MutableGroup[]): void {
    const { onNotified } = this.#parts;
    if (onNotified !== undefined) for (const group of groups) onNotified(group);
  }

  #create(records: SavedGroup): MutableGroup {
    const group = this.#parts.store.create({ ...records, sample: () => records.sample });
    if (group.kind === 'problem') this.continueNotification(group);
    return group;
  }

  /** Begins a new episode of the group if the last one is over. Returns the monotonic time. */
  #beginEpisode(group: MutableGroup): number {
    const { store, clock, policy } = this.#parts;
    const nowMillis = clock.monotonic();
    const ended = howEpisodeEnded(group, policy, nowMillis);
    if (ended !== undefined) store.restart(group, ended);
    return nowMillis;
  }

  #silence(group: MutableGroup, records: number, nowMillis: number): number {
    if (!isSilenced(group, nowMillis)) return 0;
    group.silenced += records;
    return this.#parts.store.show(group);
  }

  #takeBack(group: MutableGroup, records: number): number {
    const { store } = this.#parts;
    store.changed(group, () => group.takeBack(records));
    store.addPending(-records);
    // A group that was never posted and has no record left is unknown to the channel.
    if (group.postCount === 0 && group.count === 0) store.forget(group.fingerprint);
    return records;
  }
}
