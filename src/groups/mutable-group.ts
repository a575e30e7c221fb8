import { type RecordView, redactedResource, type Sample, severityBand, toSample } from '../record/index.js';
import type { Redactor } from '../redact/index.js';
import { DistinctValues } from './distinct-values.js';
import type { Breakdown, Episode, Group, GroupKind, PostedMessage } from './group.js';
import { Rate } from './rate.js';
import { rowOf, wordsOf } from './rows.js';
import type { ChunkList } from './saved/chunks.js';
import type { SavedGroup } from './saved/group-codec.js';
import {
  type BothClocks,
  type SavedNotification,
  toMonotonicMillis,
  toPostedMessage,
} from './saved/notification-codec.js';
import { GOOD_STANDING, type Standing } from './standing/standing.js';
import { Variants } from './variants.js';

/** Options of a {@link MutableGroup}. */
export interface GroupStart {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  readonly id: string;
  /** The sample of its first record. */
  readonly sample: Sample;
  /** The sample holds only what a headline needs. Default: false. */
  readonly isBrief?: boolean;
  /** Which of its records are saved; undefined without a spool. */
  readonly chunks?: ChunkList | undefined;
  readonly redactor: Redactor;
  readonly nowMillis: number;
}

/** The stored form of a {@link Group}, and the only place where its state changes. */
export class MutableGroup implements Group {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  rate: Rate = new Rate();
  hosts: DistinctValues = new DistinctValues();
  versions: DistinctValues = new DistinctValues();
  id: string;
  sample: Sample;
  count = 0;
  shown = 0;
  firstSeenMillis: number;
  lastSeenMillis: number;
  lastCameAtMillis: number;
  waitingSinceAtMillis: number | undefined;
  postCount = 0;
  firstPostedAtMillis: number = Number.NEGATIVE_INFINITY;
  lastPostedAtMillis: number = Number.NEGATIVE_INFINITY;
  message: PostedMessage | undefined;
  previousEpisode: Episode | undefined;
  variant: Sample | undefined;
  replies = 0;
  silencedUntilAtMillis: number = Number.NEGATIVE_INFINITY;
  mentionedAtMillis: number = Number.NEGATIVE_INFINITY;
  ambiguous = 0;
  standing: Standing = GOOD_STANDING;
  breakdown: MutableBreakdown | undefined;
  isClosed = false;
  /** Records of this episode that were dropped because the group was silenced. */
  silenced = 0;
  /** The message of the previous episode. It is marked as moved once a new message is posted. */
  previousMessage: PostedMessage | undefined;
  recoveredAtMillis: number | undefined;
  readonly chunks: ChunkList | undefined;
  /** The next record is the first of a new episode. */
  #isRestarted = false;
  /** The sample holds only what a headline needs, so the next record replaces it. */
  #isBrief: boolean;
  #variants: Variants | undefined;
  readonly #redactor: Redactor;

  constructor({ kind, fingerprint, id, sample, isBrief = false, chunks, redactor, nowMillis }: GroupStart) {
    this.kind = kind;
    this.fingerprint = fingerprint;
    this.id = id;
    this.#redactor = redactor;
    this.#isBrief = isBrief;
    this.chunks = chunks;
    this.sample = sample;
    this.firstSeenMillis = sample.timeMillis;
    this.lastSeenMillis = sample.timeMillis;
    this.lastCameAtMillis = nowMillis;
    if (kind === 'rest') this.breakdown = { bySeverity: new Map(), byService: new Map() };
  }

  /** Counts a record. `records`: how many equal records it represents, itself included. */
  add(view: RecordView, records: number, nowMillis: number): void {
    if (this.#isRestarted || this.#isBrief) this.sample = toSample(view, this.#redactor);
    this.#isBrief = false;
    this.#count(records, view.timeMillis, view.timeMillis, nowMillis);
    this.chunks?.add(records, view.timeMillis);
    this.rate.add(nowMillis, records);
    const { host, serviceVersion } = redactedResource(view.resource, this.#redactor);
    this.hosts.add(host);
    this.versions.add(serviceVersion);
    if (this.breakdown !== undefined) this.#breakDown(this.breakdown, view, records);
  }

  /** Counts records that an earlier process saved. They do not count for the rate, because they are not from this moment. */
  restore({ records, firstSeenMillis, lastSeenMillis, sample, isBrief }: SavedGroup, nowMillis: number): void {
    if (this.#isRestarted || (this.#isBrief && !isBrief)) {
      this.sample = sample;
      this.#isBrief = isBrief;
    }
    this.#count(records, firstSeenMillis, lastSeenMillis, nowMillis);
    this.hosts.add(sample.resource.host);
    this.versions.add(sample.resource.serviceVersion);
    if (this.breakdown !== undefined) this.#addToBreakdown(this.breakdown, sample, records);
  }

  /** Restores the notification state that an earlier process saved, in place of the current one. */
  continueFrom(saved: SavedNotification, now: BothClocks): void {
    this.id = saved.id;
    this.count = saved.count;
    this.shown = saved.count;
    this.firstSeenMillis = saved.firstSeenMillis;
    this.lastSeenMillis = saved.lastSeenMillis;
    this.lastCameAtMillis = toMonotonicMillis(saved.lastSeenMillis, now);
    this.waitingSinceAtMillis = undefined;
    this.firstPostedAtMillis = toMonotonicMillis(saved.firstPostedMillis, now);
    this.lastPostedAtMillis = toMonotonicMillis(saved.lastPostedMillis, now);
    this.mentionedAtMillis = toMonotonicMillis(saved.mentionedMillis, now);
    this.isClosed = saved.isClosed;
    const { silencedUntilMillis } = saved;
    if (silencedUntilMillis !== undefined) {
      const remainingMillis = Math.min(silencedUntilMillis - now.wallMillis, MAX_SILENCE_MILLIS);
      this.silencedUntilAtMillis = now.atMillis + remainingMillis;
    }
    this.postCount = saved.postCount;
    const words = { ...wordsOf(this), messageId: saved.messageId, alreadyReported: saved.alreadyReported };
    const row = rowOf(words, this, { nowMillis: now.atMillis, status: 'live' });
    this.message = { ...toPostedMessage(saved, now), rows: new Map([[this.fingerprint, row]]) };
  }

  /** Adds the records that this process counted before it restored the notification state. */
  addEarlier(
    earlier: Pick<MutableGroup, 'count' | 'firstSeenMillis' | 'lastSeenMillis' | 'lastCameAtMillis'>,
    sinceMillis: number,
  ): void {
    this.#count(earlier.count, earlier.firstSeenMillis, earlier.lastSeenMillis, earlier.lastCameAtMillis);
    this.waitingSinceAtMillis = sinceMillis;
  }

  /** Removes pending records that another process has adopted, or that are dropped. */
  takeBack(records: number): void {
    this.count -= records;
    if (this.shown === this.count) this.waitingSinceAtMillis = undefined;
  }

  /** Stores the record as a variant if it differs from all others. Called only where messages have threads. */
  findVariant(view: RecordView, nowMillis: number): void {
    if (this.kind !== 'problem' || this.variant !== undefined) return;
    this.#variants ??= new Variants(this.sample, this.#redactor);
    this.variant = this.#variants.findNew(view, nowMillis);
  }

  /** Marks the first `count` records as shown. Returns how many of them were pending. */
  show(count: number, nowMillis: number): number {
    const records = Math.max(0, Math.min(count, this.count) - this.shown);
    this.shown += records;
    // The remaining records came while the message was being sent.
    if (this.shown === this.count) this.waitingSinceAtMillis = undefined;
    else if (records > 0) this.waitingSinceAtMillis = nowMillis;
    this.ambiguous = 0;
    return records;
  }

  /** Moves the group to a new message. Returns the message that showed it before. */
  moveTo(message: PostedMessage, nowMillis: number): PostedMessage | undefined {
    const previous = this.message ?? this.previousMessage;
    this.previousMessage = undefined;
    this.message = message;
    if (this.postCount === 0) this.firstPostedAtMillis = nowMillis;
    this.lastPostedAtMillis = nowMillis;
    this.postCount++;
    return previous;
  }

  /** A reply was posted in the thread. Replies that report a variant are counted. */
  replied(isVariant: boolean): void {
    if (!isVariant) return;
    this.replies++;
    this.variant = undefined;
  }

  /** Begins a new episode with the pending records of the current one. */
  restart(id: string, ended: Episode['ended']): void {
    const pending = this.count - this.shown;
    const row = this.message?.rows.get(this.fingerprint);
    const lastSeenMillis = pending > 0 && row ? row.lastSeenMillis : this.lastSeenMillis;
    this.recoveredAtMillis = pending > 0 ? this.recoveredAtMillis : undefined;
    this.previousEpisode = { count: this.shown, lastSeenMillis, ended, silenced: this.silenced };
    this.id = id;
    this.#isRestarted = true;
    this.previousMessage = this.message;
    this.message = undefined;
    this.count = pending;
    this.shown = 0;
    this.silenced = 0;
    this.silencedUntilAtMillis = Number.NEGATIVE_INFINITY;
    this.isClosed = false;
    this.postCount = 0;
    this.replies = 0;
    this.rate = new Rate();
    this.variant = undefined;
    this.standing = GOOD_STANDING;
    if (this.breakdown !== undefined && pending === 0) this.breakdown = { bySeverity: new Map(), byService: new Map() };
    this.firstSeenMillis = this.lastSeenMillis;
    // The pending records came from some of these hosts and versions.
    if (pending > 0) return;
    this.hosts = new DistinctValues();
    this.versions = new DistinctValues();
  }

  #count(records: number, firstMillis: number, lastMillis: number, nowMillis: number): void {
    const isFirst = this.count === 0;
    this.#isRestarted = false;
    this.count += records;
    this.firstSeenMillis = isFirst ? firstMillis : Math.min(this.firstSeenMillis, firstMillis);
    this.lastSeenMillis = isFirst ? lastMillis : Math.max(this.lastSeenMillis, lastMillis);
    this.lastCameAtMillis = nowMillis;
    this.waitingSinceAtMillis ??= nowMillis;
  }

  #breakDown(breakdown: MutableBreakdown, view: RecordView, records: number): void {
    const resource = redactedResource(view.resource, this.#redactor);
    this.#addToBreakdown(breakdown, { severityNumber: view.severityNumber, resource }, records);
    if (view.severityNumber > this.sample.severityNumber) this.sample = toSample(view, this.#redactor);
  }

  #addToBreakdown(
    { bySeverity, byService }: MutableBreakdown,
    { severityNumber, resource }: Pick<Sample, 'severityNumber' | 'resource'>,
    records: number,
  ): void {
    addTo(bySeverity, severityBand(severityNumber).name, records);
    const service = resource.serviceName ?? UNNAMED;
    addTo(byService, byService.size < MAX_SERVICES || byService.has(service) ? service : OTHERS, records);
  }
}

interface MutableBreakdown extends Breakdown {
  readonly bySeverity: Map<string, number>;
  readonly byService: Map<string, number>;
}

/** The number of services that are counted by name. One process rarely logs for more than one. */
const MAX_SERVICES = 20;
/** A saved silence lasts no longer than this, because wall clocks jump. */
const MAX_SILENCE_MILLIS = 24 * 3_600_000;
const UNNAMED = 'unnamed service';
const OTHERS = 'other services';

function addTo(counts: Map<string, number>, name: string, records: number): void {
  counts.set(name, (counts.get(name) ?? 0) + records);
}
