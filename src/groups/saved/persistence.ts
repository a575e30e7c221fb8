import type { Clock } from '../../util/clock.js';
import type { Group } from '../group.js';
import type { GroupStore } from '../group-store.js';
import type { Policy } from '../lifecycle.js';
import { howEpisodeEnded, isSilenced } from '../lifecycle.js';
import type { MutableGroup } from '../mutable-group.js';
import type { Chunk } from './chunks.js';
import { encodeGroup, type SavedGroup } from './group-codec.js';
import type { SavedNotification } from './notification-codec.js';

/** Records of a group that are in memory only, and the JSON value that outlives the process. */
export interface UnsavedChunk {
  readonly value: object;
  readonly group: MutableGroup;
  readonly chunk: Chunk;
}

/** What a {@link Persistence} is made of. */
export interface PersistenceParts {
  readonly store: GroupStore;
  readonly clock: Clock;
  readonly policy: Policy;
  /** How it stands with the group has changed for those who read. */
  readonly onNotified?: ((group: Group) => void) | undefined;
}

/** The part of an outbox that outlives the process: what is on its way to the disk, and what comes back from there. */
export class Persistence {
  readonly #parts: PersistenceParts;
  /** What an earlier process saved of groups that did not come yet. */
  #earlier = new Map<string, SavedNotification>();

  constructor(parts: PersistenceParts) {
    this.#parts = parts;
  }

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

  markSaved(taken: readonly UnsavedChunk[], ids: readonly string[] | undefined): void {
    const { unsaved, savedIn } = this.#parts.store;
    const over: string[] = [];
    for (const [at, { group, chunk }] of taken.entries()) {
      const id = ids?.[at];
      if (id === undefined) {
        group.chunks?.failed(chunk);
        unsaved.add(group);
      } else if (group.chunks?.stored(chunk, id)) savedIn.set(id, group);
      else over.push(id);
    }
    this.#parts.store.acknowledge(over);
  }

  restore(records: SavedGroup, id: string, writtenAtMillis: number): number {
    const { store } = this.#parts;
    const group = store.get(records.fingerprint) ?? this.#create(records);
    const nowMillis = this.#begin(group);
    store.changed(group, () => group.restore(records, nowMillis));
    group.chunks?.restore(records.records, records.lastSeenMillis, { id, hasSample: !records.isBrief });
    store.savedIn.set(id, group);
    group.recoveredAtMillis = Math.max(group.recoveredAtMillis ?? Number.NEGATIVE_INFINITY, writtenAtMillis);
    store.addPending(records.records);
    return this.#silence(group, records.records, nowMillis);
  }

  continueNotifications(saved: ReadonlyMap<string, SavedNotification>): number {
    this.#earlier = new Map(saved);
    return this.#parts.store
      .all()
      .filter(({ kind, postCount }) => kind === 'problem' && postCount === 0)
      .reduce((silenced, group) => silenced + this.continueNotification(group), 0);
  }

  /** Goes on from what an earlier process saved of it. Gives how many records of it that are here are silenced. */
  continueNotification(group: MutableGroup): number {
    const saved = this.#earlier.get(group.fingerprint);
    if (saved === undefined) return 0;
    this.#earlier.delete(group.fingerprint);
    const { clock } = this.#parts;
    const { count, firstSeenMillis, lastSeenMillis, lastCameAtMillis, waitingSinceAtMillis } = group;
    group.continueFrom(saved, { wallMillis: clock.now(), atMillis: clock.monotonic() });
    // It is ours from now on.
    this.notified([group]);
    if (waitingSinceAtMillis === undefined) return 0;
    const nowMillis = this.#begin(group);
    group.addEarlier({ count, firstSeenMillis, lastSeenMillis, lastCameAtMillis }, waitingSinceAtMillis);
    return this.#silence(group, count, nowMillis);
  }

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

  dropUnsaved(): number {
    let records = 0;
    for (const group of this.#parts.store.all()) {
      if (group.chunks !== undefined) records += this.#takeBack(group, group.chunks.removeUnsaved());
    }
    return records;
  }

  notified(groups: readonly MutableGroup[]): void {
    const { onNotified } = this.#parts;
    if (onNotified !== undefined) for (const group of groups) onNotified(group);
  }

  #create(records: SavedGroup): MutableGroup {
    const group = this.#parts.store.create({ ...records, sample: () => records.sample });
    if (group.kind === 'problem') this.continueNotification(group);
    return group;
  }

  /** What comes now may be the problem coming back. Gives the time. */
  #begin(group: MutableGroup): number {
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
    // Nobody was ever told of it here.
    if (group.postCount === 0 && group.count === 0) store.forget(group.fingerprint);
    return records;
  }
}
