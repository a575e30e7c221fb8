import type { RecordView } from '../record/read-record.js';
import { redactedResource } from '../record/read-resource.js';
import { type Sample, toSample } from '../record/sample.js';
import { severityBand } from '../record/severity.js';
import type { Redactor } from '../redact/redactor.js';
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
import { Variants } from './variants.js';

/** How a {@link MutableGroup} begins. */
export interface GroupStart {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  readonly id: string;
  /** Its first record. */
  readonly sample: Sample;
  /** The sample is only what a headline needs. */
  readonly isBrief?: boolean;
  /** Which of its records are on the disk; undefined when none ever is. */
  readonly chunks?: ChunkList | undefined;
  readonly redactor: Redactor;
  readonly nowMillis: number;
}

/** A {@link Group} while it lives: what comes and what was saved is written down here, and nowhere else. */
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
  asPlainText = false;
  breakdown: MutableBreakdown | undefined;
  /** Somebody has answered that it is done: whatever comes now is the problem coming back. */
  isClosed = false;
  /** Records that nobody was told of, because somebody had silenced it. */
  silenced = 0;
  /** Where it stood before it came back: to be marked there once it stands elsewhere. */
  previousMessage: PostedMessage | undefined;
  recoveredAtMillis: number | undefined;
  readonly chunks: ChunkList | undefined;
  /** The next record is the first one of another episode. */
  #isBack = false;
  /** The sample is only what a headline needs: the next one is better. */
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

  /** Counts a record, and as many equal ones as `records` says. */
  add(view: RecordView, records: number, nowMillis: number): void {
    if (this.#isBack || this.#isBrief) this.sample = toSample(view, this.#redactor);
    this.#isBrief = false;
    this.#count(records, view.timeMillis, view.timeMillis, nowMillis);
    this.chunks?.add(records, view.timeMillis);
    this.rate.add(nowMillis, records);
    const { host, serviceVersion } = redactedResource(view.resource, this.#redactor);
    this.hosts.add(host);
    this.versions.add(serviceVersion);
    if (this.breakdown !== undefined) this.#breakDown(this.breakdown, view, records);
  }

  /** Counts records that an earlier process had. They say nothing of how often it happens now. */
  restore({ records, firstSeenMillis, lastSeenMillis, sample, isBrief }: SavedGroup, nowMillis: number): void {
    if (this.#isBack || (this.#isBrief && !isBrief)) {
      this.sample = sample;
      this.#isBrief = isBrief;
    }
    this.#count(records, firstSeenMillis, lastSeenMillis, nowMillis);
    this.hosts.add(sample.resource.host);
    this.versions.add(sample.resource.serviceVersion);
    if (this.breakdown !== undefined) this.#addToBreakdown(this.breakdown, sample, records);
  }

  /** It was saved by an earlier process, and goes on from there. What came in this one already goes on top of it. */
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
      const leftMillis = Math.min(silencedUntilMillis - now.wallMillis, LONGEST_SILENCE_MILLIS);
      this.silencedUntilAtMillis = now.atMillis + leftMillis;
    }
    this.postCount = saved.postCount;
    const words = { ...wordsOf(this), messageId: saved.messageId, alreadyReported: saved.alreadyReported };
    const row = rowOf(words, this, { nowMillis: now.atMillis, status: 'live' });
    this.message = { ...toPostedMessage(saved, now), rows: new Map([[this.fingerprint, row]]) };
  }

  /** Records that came before it was known what was saved of it. */
  addEarlier(
    own: Pick<MutableGroup, 'count' | 'firstSeenMillis' | 'lastSeenMillis' | 'lastCameAtMillis'>,
    sinceMillis: number,
  ): void {
    this.#count(own.count, own.firstSeenMillis, own.lastSeenMillis, own.lastCameAtMillis);
    this.waitingSinceAtMillis = sinceMillis;
  }

  /** So many that wait are somebody else's now, or given up. */
  takeBack(records: number): void {
    this.count -= records;
    if (this.shown === this.count) this.waitingSinceAtMillis = undefined;
  }

  /** Keeps the record when it is unlike all others that are in here. Asked only where there is a thread to tell it in. */
  findVariant(view: RecordView, nowMillis: number): void {
    if (this.kind !== 'problem' || this.variant !== undefined) return;
    this.#variants ??= new Variants(this.sample, this.#redactor);
    this.variant = this.#variants.findNew(view, nowMillis);
  }

  /** A message which Slack confirmed shows so many. Gives how many of them no other did. */
  show(count: number, nowMillis: number): number {
    const records = Math.max(0, Math.min(count, this.count) - this.shown);
    this.shown += records;
    // What is left came while the message was under way.
    if (this.shown === this.count) this.waitingSinceAtMillis = undefined;
    else if (records > 0) this.waitingSinceAtMillis = nowMillis;
    this.ambiguous = 0;
    return records;
  }

  /** It stands in this message from now on. Gives the one in which it stood before. */
  moveTo(message: PostedMessage, nowMillis: number): PostedMessage | undefined {
    const before = this.message ?? this.previousMessage;
    this.previousMessage = undefined;
    this.message = message;
    if (this.postCount === 0) this.firstPostedAtMillis = nowMillis;
    this.lastPostedAtMillis = nowMillis;
    this.postCount++;
    return before;
  }

  /** Something was told in the thread: what is new, or something else. */
  replied(isNews: boolean): void {
    if (!isNews) return;
    this.replies++;
    this.variant = undefined;
  }

  /** The problem comes back: a new episode begins with what was not shown of the one before. */
  restart(id: string, ended: Episode['ended']): void {
    const left = this.count - this.shown;
    const told = this.message?.rows.get(this.fingerprint);
    const lastSeenMillis = left > 0 && told ? told.lastSeenMillis : this.lastSeenMillis;
    this.recoveredAtMillis = left > 0 ? this.recoveredAtMillis : undefined;
    this.previousEpisode = { count: this.shown, lastSeenMillis, ended, silenced: this.silenced };
    this.id = id;
    this.#isBack = true;
    this.previousMessage = this.message;
    this.message = undefined;
    this.count = left;
    this.shown = 0;
    this.silenced = 0;
    this.silencedUntilAtMillis = Number.NEGATIVE_INFINITY;
    this.isClosed = false;
    this.postCount = 0;
    this.replies = 0;
    this.rate = new Rate();
    this.variant = undefined;
    if (this.breakdown !== undefined && left === 0) this.breakdown = { bySeverity: new Map(), byService: new Map() };
    this.firstSeenMillis = this.lastSeenMillis;
    // What is left has come from one of those that were seen.
    if (left > 0) return;
    this.hosts = new DistinctValues();
    this.versions = new DistinctValues();
  }

  #count(records: number, firstMillis: number, lastMillis: number, nowMillis: number): void {
    const isFirst = this.count === 0;
    this.#isBack = false;
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
    addTo(byService, byService.size < MOST_SERVICES || byService.has(service) ? service : OTHERS, records);
  }
}

interface MutableBreakdown extends Breakdown {
  readonly bySeverity: Map<string, number>;
  readonly byService: Map<string, number>;
}

/** Services that are counted by name; one process rarely speaks for more than one. */
const MOST_SERVICES = 20;
/** Wall clocks jump. */
const LONGEST_SILENCE_MILLIS = 24 * 3_600_000;
const UNNAMED = 'unnamed service';
const OTHERS = 'other services';

function addTo(counts: Map<string, number>, name: string, records: number): void {
  counts.set(name, (counts.get(name) ?? 0) + records);
}
