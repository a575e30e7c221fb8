import type { RecordView } from '../record/read-record.js';
import { redactedResource } from '../record/read-resource.js';
import { type Sample, toSample } from '../record/sample.js';
import { severityBand } from '../record/severity.js';
import type { Redactor } from '../redact/redactor.js';
import { Seen } from './distinct-values.js';
import type { Breakdown, Episode, Group, GroupKind, LiveMessage } from './group.js';
import { Rate } from './rate.js';
import { rowOf, wordsOf } from './rows.js';
import type { Kept } from './saved/chunks.js';
import type { KeptRecords } from './saved/group-codec.js';
import { atOf, type BothClocks, messageOf, type Said } from './saved/notification-codec.js';
import { Variants } from './variants.js';

/** How a {@link LiveGroup} begins. */
export interface Beginning {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  readonly id: string;
  /** Its first record. */
  readonly sample: Sample;
  /** The sample is only what a headline needs. */
  readonly isBrief?: boolean;
  /** Which of its records are on the disk; undefined when none ever is. */
  readonly kept?: Kept | undefined;
  readonly redactor: Redactor;
  readonly nowMillis: number;
}

/** A {@link Group} while it lives: what comes and what was said is written down here, and nowhere else. */
export class LiveGroup implements Group {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  rate: Rate = new Rate();
  hosts: Seen = new Seen();
  versions: Seen = new Seen();
  id: string;
  sample: Sample;
  count = 0;
  shown = 0;
  firstSeenMillis: number;
  lastSeenMillis: number;
  lastCameAtMillis: number;
  waitingSinceAtMillis: number | undefined;
  sayings = 0;
  firstSaidAtMillis: number = Number.NEGATIVE_INFINITY;
  lastSaidAtMillis: number = Number.NEGATIVE_INFINITY;
  message: LiveMessage | undefined;
  before: Episode | undefined;
  news: Sample | undefined;
  replies = 0;
  silencedUntilAtMillis: number = Number.NEGATIVE_INFINITY;
  mentionedAtMillis: number = Number.NEGATIVE_INFINITY;
  unanswered = 0;
  asPlainText = false;
  breakdown: MutableBreakdown | undefined;
  /** Somebody has answered that it is done: whatever comes now is the problem coming back. */
  isClosed = false;
  /** Records that nobody was told of, because somebody had silenced it. */
  silenced = 0;
  /** Where it stood before it came back: to be marked there once it stands elsewhere. */
  left: LiveMessage | undefined;
  recoveredAtMillis: number | undefined;
  readonly kept: Kept | undefined;
  /** The next record is the first one of another episode. */
  #isBack = false;
  /** The sample is only what a headline needs: the next one is better. */
  #isBrief: boolean;
  #variants: Variants | undefined;
  readonly #redactor: Redactor;

  constructor({ kind, fingerprint, id, sample, isBrief = false, kept, redactor, nowMillis }: Beginning) {
    this.kind = kind;
    this.fingerprint = fingerprint;
    this.id = id;
    this.#redactor = redactor;
    this.#isBrief = isBrief;
    this.kept = kept;
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
    this.kept?.add(records, view.timeMillis);
    this.rate.add(nowMillis, records);
    const { host, serviceVersion } = redactedResource(view.resource, this.#redactor);
    this.hosts.add(host);
    this.versions.add(serviceVersion);
    if (this.breakdown !== undefined) this.#breakDown(this.breakdown, view, records);
  }

  /** Counts records that an earlier process had. They say nothing of how often it happens now. */
  restore({ records, firstSeenMillis, lastSeenMillis, sample, isBrief }: KeptRecords, nowMillis: number): void {
    if (this.#isBack || (this.#isBrief && !isBrief)) {
      this.sample = sample;
      this.#isBrief = isBrief;
    }
    this.#count(records, firstSeenMillis, lastSeenMillis, nowMillis);
    this.hosts.add(sample.resource.host);
    this.versions.add(sample.resource.serviceVersion);
    if (this.breakdown !== undefined) this.#addToBreakdown(this.breakdown, sample, records);
  }

  /** It was said by an earlier process, and goes on from there. What came in this one already goes on top of it. */
  resume(said: Said, now: BothClocks): void {
    this.id = said.id;
    this.count = said.count;
    this.shown = said.count;
    this.firstSeenMillis = said.firstSeenMillis;
    this.lastSeenMillis = said.lastSeenMillis;
    this.lastCameAtMillis = atOf(said.lastSeenMillis, now);
    this.waitingSinceAtMillis = undefined;
    this.firstSaidAtMillis = atOf(said.firstSaidMillis, now);
    this.lastSaidAtMillis = atOf(said.lastSaidMillis, now);
    this.mentionedAtMillis = atOf(said.mentionedMillis, now);
    this.isClosed = said.isClosed;
    const { silencedUntilMillis } = said;
    if (silencedUntilMillis !== undefined) {
      const leftMillis = Math.min(silencedUntilMillis - now.wallMillis, LONGEST_SILENCE_MILLIS);
      this.silencedUntilAtMillis = now.atMillis + leftMillis;
    }
    this.sayings = said.sayings;
    const words = { ...wordsOf(this), messageId: said.messageId, base: said.base };
    const row = rowOf(words, this, { nowMillis: now.atMillis, standing: 'live' });
    this.message = { ...messageOf(said, now), rows: new Map([[this.fingerprint, row]]) };
  }

  /** Records that came before it was known what was said of it. */
  goOn(
    own: Pick<LiveGroup, 'count' | 'firstSeenMillis' | 'lastSeenMillis' | 'lastCameAtMillis'>,
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
  lookForNews(view: RecordView, nowMillis: number): void {
    if (this.kind !== 'problem' || this.news !== undefined) return;
    this.#variants ??= new Variants(this.sample, this.#redactor);
    this.news = this.#variants.newOne(view, nowMillis);
  }

  /** A message which Slack confirmed shows so many. Gives how many of them no other did. */
  show(count: number, nowMillis: number): number {
    const records = Math.max(0, Math.min(count, this.count) - this.shown);
    this.shown += records;
    // What is left came while the message was under way.
    if (this.shown === this.count) this.waitingSinceAtMillis = undefined;
    else if (records > 0) this.waitingSinceAtMillis = nowMillis;
    this.unanswered = 0;
    return records;
  }

  /** It stands in this message from now on. Gives the one in which it stood before. */
  moveTo(message: LiveMessage, nowMillis: number): LiveMessage | undefined {
    const before = this.message ?? this.left;
    this.left = undefined;
    this.message = message;
    if (this.sayings === 0) this.firstSaidAtMillis = nowMillis;
    this.lastSaidAtMillis = nowMillis;
    this.sayings++;
    return before;
  }

  /** Something was told in the thread: what is new, or something else. */
  tell(isNews: boolean): void {
    if (!isNews) return;
    this.replies++;
    this.news = undefined;
  }

  /** The problem comes back: a new episode begins with what was not shown of the one before. */
  restart(id: string, ended: Episode['ended']): void {
    const left = this.count - this.shown;
    const told = this.message?.rows.get(this.fingerprint);
    const lastSeenMillis = left > 0 && told ? told.lastSeenMillis : this.lastSeenMillis;
    this.recoveredAtMillis = left > 0 ? this.recoveredAtMillis : undefined;
    this.before = { count: this.shown, lastSeenMillis, ended, silenced: this.silenced };
    this.id = id;
    this.#isBack = true;
    this.left = this.message;
    this.message = undefined;
    this.count = left;
    this.shown = 0;
    this.silenced = 0;
    this.silencedUntilAtMillis = Number.NEGATIVE_INFINITY;
    this.isClosed = false;
    this.sayings = 0;
    this.replies = 0;
    this.rate = new Rate();
    this.news = undefined;
    if (this.breakdown !== undefined && left === 0) this.breakdown = { bySeverity: new Map(), byService: new Map() };
    this.firstSeenMillis = this.lastSeenMillis;
    // What is left has come from one of those that were seen.
    if (left > 0) return;
    this.hosts = new Seen();
    this.versions = new Seen();
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
