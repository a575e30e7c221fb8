import type { Clock } from './clock.js';
import { isOver, type Policy } from './decide.js';
import type { Episode, Group, LiveMessage, MessageRef, Row } from './group.js';
import { type Chunk, Kept } from './kept.js';
import { type KeptRecords, toKept } from './kept-records.js';
import { LiveGroup } from './live-group.js';
import type { ReadableLogRecord } from './otel.js';
import { type RecordView, readRecord, type Sample, toSample } from './record.js';
import type { Redactor } from './redact.js';
import type { Said } from './said.js';
import type { Selection } from './selection.js';

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

/** Records of a group that are in memory only, and the JSON value that outlives the process. */
export interface Unspooled {
  readonly value: object;
  readonly group: LiveGroup;
  readonly chunk: Chunk;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly policy: Policy;
  /** Groups that are told apart; the records of further ones are counted in one. */
  readonly maxGroups: number;
  /** There are threads, to tell what is new inside a group. */
  readonly hasThreads: boolean;
  readonly newId: () => string;
  /** Takes the secrets out of what is kept. */
  readonly redactor: Redactor;
  /** What waits is kept on the disk; called with entries of which nothing waits any more. */
  readonly onShown?: ((ids: readonly string[]) => void) | undefined;
  /** How it stands with the group has changed for those who read. */
  readonly onSaid?: ((group: Group) => void) | undefined;
}

/** Makes an empty {@link Outbox}. */
export function createOutbox(options: OutboxOptions): Outbox {
  return new GroupOutbox(options);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const REST = '\u0000rest';
const LOSS = '\u0000loss';
/** When the bound is reached, so many of those that have nothing to say are forgotten at once, so that it is not done for each record. */
const FORGOTTEN_AT_ONCE = 0.1;
/** What came once and not again for so long makes room for what is new, though it is not quiet yet. */
const ONCE_MILLIS = 5 * 60_000;
/** Where there was no room, none is looked for again before. */
const LOOK_FOR_ROOM_EVERY_MILLIS = 1_000;

class GroupOutbox implements Outbox {
  readonly #options: OutboxOptions;
  readonly #groups = new Map<string, LiveGroup>();
  readonly #outdated = new Set<LiveMessage>();
  #pending = 0;
  /** Groups of the kind `problem`, and those of them of which something waits to be shown. */
  #problems = 0;
  #waiting = 0;
  #noRoomUntilAtMillis = Number.NEGATIVE_INFINITY;
  /** Groups of which something may not be on the disk. */
  readonly #unspooled = new Set<LiveGroup>();
  /** The groups of the entries on the disk. */
  readonly #stored = new Map<string, LiveGroup>();
  /** What an earlier process said of groups that did not come yet. */
  #said = new Map<string, Said>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  fold(view: RecordView, fingerprint: string, records = 1): number {
    const { clock, policy, hasThreads } = this.#options;
    const nowMillis = clock.monotonic();
    const group = this.#groups.get(fingerprint) ?? this.#groupFor(view, fingerprint, nowMillis);
    if (group.silencedUntilAtMillis > nowMillis) return this.#foldSilenced(group, view, records, nowMillis);
    const ended = endOf(group, policy, nowMillis);
    if (ended !== undefined) this.#restart(group, ended);
    this.#add(group, view, records, nowMillis);
    if (hasThreads) lookForNews(group, view, nowMillis);
    return 0;
  }

  lose(records: number): void {
    const { clock, policy, newId, redactor } = this.#options;
    const view = lossView(clock.now());
    const nowMillis = clock.monotonic();
    let group = this.#groups.get(LOSS);
    if (group === undefined) {
      group = new LiveGroup({
        kind: 'loss',
        fingerprint: LOSS,
        id: newId(),
        sample: toSample(view, redactor),
        redactor,
        nowMillis,
      });
      this.#groups.set(LOSS, group);
    }
    if (isOver(group, policy, nowMillis)) this.#restart(group, 'quiet');
    this.#add(group, view, records, nowMillis);
  }

  groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  outdated(): readonly LiveMessage[] {
    return [...this.#outdated];
  }

  pending(): number {
    return this.#pending;
  }

  unconfirmed(): number {
    let records = 0;
    for (const group of this.#groups.values()) {
      if (group.kind !== 'loss') records += Math.max(0, Math.min(group.unanswered, group.count) - group.shown);
    }
    return records;
  }

  sent(selection: Selection, place: string, ref: MessageRef | undefined): number {
    const { act, rows, whys } = selection;
    const nowMillis = this.#options.clock.monotonic();
    const message = act === 'post' ? newMessage(selection, place, ref, nowMillis) : selection.message;
    let records = 0;
    for (const group of this.#groupsOf(selection)) {
      if (act === 'post') this.#moveTo(group, message as LiveMessage, nowMillis);
      if (act === 'reply') group.tell(whys.get(group.fingerprint) === 'news');
      // What can be changed goes on saying it; what cannot has said it.
      if (act === 'post' && ref === undefined) group.recoveredAtMillis = undefined;
      if (whys.get(group.fingerprint) === 'escalated') group.rate.accustom(nowMillis);
    }
    if (act === 'reply') (message as Mutable<LiveMessage>).repliedAtMillis = nowMillis;
    else {
      for (const row of rows)
        if (row.standing !== 'moved') records += this.#show(row.fingerprint, row.groupId, row.count);
    }
    if (act === 'update') {
      Object.assign(message as Mutable<LiveMessage>, {
        rows: rowsByFingerprint(selection),
        changedAtMillis: nowMillis,
      });
      this.#outdated.delete(message as LiveMessage);
    }
    this.#tell(this.#groupsOf(selection));
    return records;
  }

  giveUp(groups: readonly Group[]): number {
    let records = 0;
    for (const { fingerprint, id, count } of groups) records += this.#show(fingerprint, id, count);
    // What was never said has nothing by which a reader would know it again.
    for (const { fingerprint, sayings } of groups) if (sayings === 0) this.#delete(fingerprint);
    return records;
  }

  markUnanswered(selection: Selection): void {
    if (selection.act === 'reply') return;
    for (const row of selection.rows) {
      const group = this.#groups.get(row.fingerprint);
      if (group?.id === row.groupId) group.unanswered = row.count;
    }
  }

  markPlainText(selection: Selection): void {
    for (const group of this.#groupsOf(selection)) group.asPlainText = true;
  }

  freeze(message: LiveMessage): void {
    (message as Mutable<LiveMessage>).isFrozen = true;
    this.#outdated.delete(message);
  }

  looked(message: LiveMessage): void {
    (message as Mutable<LiveMessage>).lookedAtMillis = this.#options.clock.monotonic();
  }

  silence(message: LiveMessage): number {
    const { clock, policy } = this.#options;
    const untilAtMillis = clock.monotonic() + policy.silenceMillis;
    let records = 0;
    for (const group of this.#groupsIn(message)) {
      // A reaction silences once: it still stands there when its time is over.
      if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) continue;
      const unshown = group.count - group.shown;
      if (group.kind !== 'loss') group.silenced += unshown;
      records += this.#show(group.fingerprint, group.id, group.count);
      group.silencedUntilAtMillis = untilAtMillis;
      group.isClosed = false;
    }
    this.#outdated.add(message);
    this.#tell(this.#groupsIn(message));
    return records;
  }

  closeProblems(message: LiveMessage): void {
    for (const group of this.#groupsIn(message)) {
      if (group.count > group.shown) this.#restart(group, 'closed');
      else group.isClosed = true;
      this.#tell([group]);
    }
    this.#outdated.add(message);
  }

  mentioned(groups: readonly Group[]): void {
    const nowMillis = this.#options.clock.monotonic();
    for (const group of this.#groupsOf({ groups })) group.mentionedAtMillis = nowMillis;
    this.#tell(this.#groupsOf({ groups }));
  }

  forget(groups: readonly Group[]): void {
    for (const { fingerprint } of groups) this.#delete(fingerprint);
  }

  takeUnspooled(): readonly Unspooled[] {
    const unspooled = [...this.#unspooled].flatMap((group) =>
      (group.kept?.take() ?? []).map((chunk) => {
        const { records, firstSeenMillis, lastSeenMillis, hasSample } = chunk;
        const value = toKept(group, { records, firstSeenMillis, lastSeenMillis, isBrief: !hasSample });
        return { value, group, chunk };
      }),
    );
    this.#unspooled.clear();
    return unspooled;
  }

  spooled(unspooled: readonly Unspooled[], ids: readonly string[] | undefined): void {
    const over: string[] = [];
    for (const [at, { group, chunk }] of unspooled.entries()) {
      const id = ids?.[at];
      if (id === undefined) {
        group.kept?.failed(chunk);
        this.#unspooled.add(group);
      } else if (group.kept?.stored(chunk, id)) this.#stored.set(id, group);
      else over.push(id);
    }
    this.#acknowledge(over);
  }

  restore(records: KeptRecords, id: string, writtenAtMillis: number): number {
    const { clock, policy } = this.#options;
    const nowMillis = clock.monotonic();
    const group = this.#groups.get(records.fingerprint) ?? this.#newGroup(records, nowMillis, () => records.sample);
    const isSilenced = group.silencedUntilAtMillis > nowMillis;
    const ended = isSilenced ? undefined : endOf(group, policy, nowMillis);
    if (ended !== undefined) this.#restart(group, ended);
    const before = waits(group);
    group.restore(records, nowMillis);
    group.kept?.restore(records.records, records.lastSeenMillis, { id, hasSample: !records.isBrief });
    this.#stored.set(id, group);
    group.recoveredAtMillis = Math.max(group.recoveredAtMillis ?? Number.NEGATIVE_INFINITY, writtenAtMillis);
    this.#pending += records.records;
    if (group.kind === 'problem' && !before) this.#waiting++;
    if (!isSilenced) return 0;
    group.silenced += records.records;
    return this.#show(group.fingerprint, group.id, group.count);
  }

  recall(said: ReadonlyMap<string, Said>): number {
    this.#said = new Map(said);
    let silenced = 0;
    for (const group of this.groups() as readonly LiveGroup[]) {
      if (group.kind === 'problem' && group.sayings === 0) silenced += this.#resume(group);
    }
    return silenced;
  }

  /** Goes on from what an earlier process said of it. Gives how many records of it that are here are silenced. */
  #resume(group: LiveGroup): number {
    const said = this.#said.get(group.fingerprint);
    if (said === undefined) return 0;
    this.#said.delete(group.fingerprint);
    const { clock, policy } = this.#options;
    const now = { wallMillis: clock.now(), atMillis: clock.monotonic() };
    const { count, firstSeenMillis, lastSeenMillis, lastCameAtMillis, waitingSinceAtMillis } = group;
    group.resume(said, now);
    // It is ours from now on.
    this.#tell([group]);
    if (waitingSinceAtMillis === undefined) return 0;
    const isSilenced = group.silencedUntilAtMillis > now.atMillis;
    const ended = isSilenced ? undefined : endOf(group, policy, now.atMillis);
    if (ended !== undefined) this.#restart(group, ended);
    group.goOn({ count, firstSeenMillis, lastSeenMillis, lastCameAtMillis }, waitingSinceAtMillis);
    if (!isSilenced) return 0;
    group.silenced += count;
    return this.#show(group.fingerprint, group.id, group.count);
  }

  #tell(groups: readonly LiveGroup[]): void {
    const { onSaid } = this.#options;
    if (onSaid !== undefined) for (const group of groups) onSaid(group);
  }

  handOver(ids: readonly string[]): number {
    let records = 0;
    for (const id of ids) {
      const group = this.#stored.get(id);
      this.#stored.delete(id);
      if (group?.kept !== undefined) records += this.#takeBack(group, group.kept.handOver(id));
    }
    return records;
  }

  dropUnspooled(): number {
    let records = 0;
    for (const group of this.groups() as readonly LiveGroup[]) {
      if (group.kept !== undefined) records += this.#takeBack(group, group.kept.dropUnstored());
    }
    return records;
  }

  #takeBack(group: LiveGroup, records: number): number {
    const before = waits(group);
    group.takeBack(records);
    this.#pending -= records;
    if (group.kind === 'problem' && before && !waits(group)) this.#waiting--;
    // Nobody was ever told of it here.
    if (group.sayings === 0 && group.count === 0) this.#delete(group.fingerprint);
    return records;
  }

  #acknowledge(ids: readonly string[]): void {
    for (const id of ids) this.#stored.delete(id);
    if (ids.length > 0) this.#options.onShown?.(ids);
  }

  #groupFor(view: RecordView, fingerprint: string, nowMillis: number): LiveGroup {
    return this.#newGroup({ fingerprint }, nowMillis, () => toSample(view, this.#options.redactor));
  }

  #newGroup(
    { fingerprint, kind: wanted, isBrief = false }: Pick<KeptRecords, 'fingerprint'> & Partial<KeptRecords>,
    nowMillis: number,
    sample: () => Sample,
  ): LiveGroup {
    const { maxGroups, newId, redactor, onShown } = this.#options;
    if (this.#problems >= maxGroups) this.#makeRoom(nowMillis);
    const isRest = wanted === 'rest' || this.#problems >= maxGroups;
    const kind = isRest ? 'rest' : 'problem';
    const key = isRest ? REST : fingerprint;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const kept = onShown && new Kept();
    const first = { sample: sample(), isBrief, kept };
    const group = new LiveGroup({ kind, fingerprint: key, id: newId(), ...first, redactor, nowMillis });
    this.#groups.set(key, group);
    if (!isRest) {
      this.#problems++;
      this.#resume(group);
    }
    return group;
  }

  /**
   * A problem that is new matters more than one that is over, or that came only once. One that goes on is never
   * forgotten: it would be posted anew each time it comes.
   */
  #makeRoom(nowMillis: number): void {
    if (this.#waiting >= this.#problems || nowMillis < this.#noRoomUntilAtMillis) return;
    const { quietAfterMillis } = this.#options.policy;
    const over = [...this.#groups.values()]
      .filter((group) => group.kind === 'problem' && !waits(group) && group.silencedUntilAtMillis <= nowMillis)
      .filter(
        ({ count, lastCameAtMillis }) => nowMillis - lastCameAtMillis >= (count === 1 ? ONCE_MILLIS : quietAfterMillis),
      )
      .sort((a, b) => a.lastCameAtMillis - b.lastCameAtMillis);
    if (over.length === 0) this.#noRoomUntilAtMillis = nowMillis + LOOK_FOR_ROOM_EVERY_MILLIS;
    this.forget(over.slice(0, Math.ceil(this.#options.maxGroups * FORGOTTEN_AT_ONCE)));
  }

  #add(group: LiveGroup, view: RecordView, records: number, nowMillis: number): void {
    const before = waits(group);
    group.add(view, records, nowMillis);
    if (group.kind !== 'loss') this.#pending += records;
    if (group.kept !== undefined) this.#unspooled.add(group);
    if (group.kind === 'problem' && !before) this.#waiting++;
  }

  #foldSilenced(group: LiveGroup, view: RecordView, records: number, nowMillis: number): number {
    this.#add(group, view, records, nowMillis);
    group.silenced += records;
    return this.#show(group.fingerprint, group.id, group.count);
  }

  #show(fingerprint: string, id: string, count: number): number {
    const group = this.#groups.get(fingerprint);
    if (group === undefined || group.id !== id) return 0;
    const before = waits(group);
    const records = group.show(count, this.#options.clock.monotonic());
    if (group.kind === 'problem' && before && !waits(group)) this.#waiting--;
    if (group.kind === 'loss') return 0;
    this.#pending -= records;
    if (group.kept !== undefined) this.#acknowledge(group.kept.show(records));
    return records;
  }

  #delete(fingerprint: string): void {
    const group = this.#groups.get(fingerprint);
    if (group === undefined || waits(group)) return;
    this.#groups.delete(fingerprint);
    if (group.kind === 'problem') this.#problems--;
    // Nobody follows it any more: its message must not go on saying that it is alive.
    if (group.message?.rows.get(fingerprint)?.standing === 'live') this.#leave(group.message);
  }

  #restart(group: LiveGroup, ended: Episode['ended']): void {
    group.restart(this.#options.newId(), ended);
  }

  #moveTo(group: LiveGroup, message: LiveMessage, nowMillis: number): void {
    this.#leave(group.message ?? group.left);
    group.left = undefined;
    group.message = message;
    if (group.sayings === 0) group.firstSaidAtMillis = nowMillis;
    group.lastSaidAtMillis = nowMillis;
    group.sayings++;
  }

  /** What goes on elsewhere is to be marked so where it stood. */
  #leave(message: LiveMessage | undefined): void {
    if (message?.ref !== undefined && !message.isFrozen && this.#outdated.size < this.#options.maxGroups) {
      this.#outdated.add(message);
    }
  }

  #groupsOf({ groups }: Pick<Selection, 'groups'>): readonly LiveGroup[] {
    return groups
      .map(({ fingerprint, id }) => ({ id, group: this.#groups.get(fingerprint) }))
      .filter((found): found is { id: string; group: LiveGroup } => found.group?.id === found.id)
      .map(({ group }) => group);
  }

  #groupsIn(message: LiveMessage): readonly LiveGroup[] {
    return [...this.#groups.values()].filter((group) => group.message === message);
  }
}

/** The record is counted already: what cannot be compared is no news. */
function lookForNews(group: LiveGroup, view: RecordView, nowMillis: number): void {
  try {
    group.lookForNews(view, nowMillis);
  } catch {
    // It is counted, and that is what matters.
  }
}

function waits(group: LiveGroup): boolean {
  return group.waitingSinceAtMillis !== undefined;
}

/** Why what comes now begins a new episode; undefined when it does not. */
function endOf(group: LiveGroup, policy: Policy, nowMillis: number): Episode['ended'] | undefined {
  if (group.isClosed) return 'closed';
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  return isOver(group, policy, nowMillis) ? 'quiet' : undefined;
}

function newMessage(selection: Selection, place: string, ref: MessageRef | undefined, nowMillis: number): LiveMessage {
  return {
    kind: selection.kind,
    id: selection.id,
    place,
    ref,
    isFrozen: false,
    rows: rowsByFingerprint(selection),
    changedAtMillis: nowMillis,
    lookedAtMillis: nowMillis,
    repliedAtMillis: Number.NEGATIVE_INFINITY,
  };
}

function rowsByFingerprint({ rows }: Selection): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.fingerprint, row]));
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
