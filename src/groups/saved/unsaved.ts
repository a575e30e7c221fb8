import type { Clock } from '../../util/clock.js';
import type { Group } from '../group.js';
import type { GroupStore } from '../group-store.js';
import type { Policy } from '../lifecycle.js';
import { endOf, isSilenced } from '../lifecycle.js';
import type { LiveGroup } from '../mutable-group.js';
import type { Chunk } from './chunks.js';
import { type KeptRecords, toKept } from './group-codec.js';
import type { Said } from './notification-codec.js';

/** Records of a group that are in memory only, and the JSON value that outlives the process. */
export interface Unspooled {
  readonly value: object;
  readonly group: LiveGroup;
  readonly chunk: Chunk;
}

/** What a {@link Keeping} is made of. */
export interface KeepingParts {
  readonly store: GroupStore;
  readonly clock: Clock;
  readonly policy: Policy;
  /** How it stands with the group has changed for those who read. */
  readonly onSaid?: ((group: Group) => void) | undefined;
}

/** The part of an outbox that outlives the process: what is on its way to the disk, and what comes back from there. */
export class Keeping {
  readonly #parts: KeepingParts;
  /** What an earlier process said of groups that did not come yet. */
  #said = new Map<string, Said>();

  constructor(parts: KeepingParts) {
    this.#parts = parts;
  }

  takeUnspooled(): readonly Unspooled[] {
    const { unspooled } = this.#parts.store;
    const taken = [...unspooled].flatMap((group) =>
      (group.kept?.take() ?? []).map((chunk) => {
        const { records, firstSeenMillis, lastSeenMillis, hasSample } = chunk;
        const value = toKept(group, { records, firstSeenMillis, lastSeenMillis, isBrief: !hasSample });
        return { value, group, chunk };
      }),
    );
    unspooled.clear();
    return taken;
  }

  spooled(taken: readonly Unspooled[], ids: readonly string[] | undefined): void {
    const { unspooled, stored } = this.#parts.store;
    const over: string[] = [];
    for (const [at, { group, chunk }] of taken.entries()) {
      const id = ids?.[at];
      if (id === undefined) {
        group.kept?.failed(chunk);
        unspooled.add(group);
      } else if (group.kept?.stored(chunk, id)) stored.set(id, group);
      else over.push(id);
    }
    this.#parts.store.acknowledge(over);
  }

  restore(records: KeptRecords, id: string, writtenAtMillis: number): number {
    const { store } = this.#parts;
    const group = store.get(records.fingerprint) ?? this.#create(records);
    const nowMillis = this.#begin(group);
    store.changed(group, () => group.restore(records, nowMillis));
    group.kept?.restore(records.records, records.lastSeenMillis, { id, hasSample: !records.isBrief });
    store.stored.set(id, group);
    group.recoveredAtMillis = Math.max(group.recoveredAtMillis ?? Number.NEGATIVE_INFINITY, writtenAtMillis);
    store.addPending(records.records);
    return this.#silence(group, records.records, nowMillis);
  }

  recall(said: ReadonlyMap<string, Said>): number {
    this.#said = new Map(said);
    return this.#parts.store
      .all()
      .filter(({ kind, sayings }) => kind === 'problem' && sayings === 0)
      .reduce((silenced, group) => silenced + this.resume(group), 0);
  }

  /** Goes on from what an earlier process said of it. Gives how many records of it that are here are silenced. */
  resume(group: LiveGroup): number {
    const said = this.#said.get(group.fingerprint);
    if (said === undefined) return 0;
    this.#said.delete(group.fingerprint);
    const { clock } = this.#parts;
    const { count, firstSeenMillis, lastSeenMillis, lastCameAtMillis, waitingSinceAtMillis } = group;
    group.resume(said, { wallMillis: clock.now(), atMillis: clock.monotonic() });
    // It is ours from now on.
    this.tell([group]);
    if (waitingSinceAtMillis === undefined) return 0;
    const nowMillis = this.#begin(group);
    group.goOn({ count, firstSeenMillis, lastSeenMillis, lastCameAtMillis }, waitingSinceAtMillis);
    return this.#silence(group, count, nowMillis);
  }

  handOver(ids: readonly string[]): number {
    const { stored } = this.#parts.store;
    let records = 0;
    for (const id of ids) {
      const group = stored.get(id);
      stored.delete(id);
      if (group?.kept !== undefined) records += this.#takeBack(group, group.kept.handOver(id));
    }
    return records;
  }

  dropUnspooled(): number {
    let records = 0;
    for (const group of this.#parts.store.all()) {
      if (group.kept !== undefined) records += this.#takeBack(group, group.kept.dropUnstored());
    }
    return records;
  }

  tell(groups: readonly LiveGroup[]): void {
    const { onSaid } = this.#parts;
    if (onSaid !== undefined) for (const group of groups) onSaid(group);
  }

  #create(records: KeptRecords): LiveGroup {
    const group = this.#parts.store.create({ ...records, sample: () => records.sample });
    if (group.kind === 'problem') this.resume(group);
    return group;
  }

  /** What comes now may be the problem coming back. Gives the time. */
  #begin(group: LiveGroup): number {
    const { store, clock, policy } = this.#parts;
    const nowMillis = clock.monotonic();
    const ended = endOf(group, policy, nowMillis);
    if (ended !== undefined) store.restart(group, ended);
    return nowMillis;
  }

  #silence(group: LiveGroup, records: number, nowMillis: number): number {
    if (!isSilenced(group, nowMillis)) return 0;
    group.silenced += records;
    return this.#parts.store.show(group);
  }

  #takeBack(group: LiveGroup, records: number): number {
    const { store } = this.#parts;
    store.changed(group, () => group.takeBack(records));
    store.addPending(-records);
    // Nobody was ever told of it here.
    if (group.sayings === 0 && group.count === 0) store.forget(group.fingerprint);
    return records;
  }
}
