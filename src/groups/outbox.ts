import { type ReadableLogRecord, type RecordView, readRecord, toSample } from '../record/index.js';
import type { MessageRef } from '../slack/index.js';
import type { Group, PostedMessage } from './group.js';
import { GroupStore, type GroupStoreOptions } from './group-store.js';
import { hasEnded, howEpisodeEnded, isSilenced } from './lifecycle.js';
import type { MutableGroup } from './mutable-group.js';
import type { Notification } from './notification.js';
import type { PostedMessages } from './posted-messages.js';
import { Persistence } from './saved/persistence.js';
import { afterFailure, afterRecovery, cleared, type Failure } from './standing/standing.js';

/** Options of an {@link Outbox}. */
export interface OutboxOptions extends GroupStoreOptions {
  /** The destination has threads, where a new variant of a problem can be reported. */
  readonly hasThreads: boolean;
  /** The notification state of the group has changed. */
  readonly onNotified?: ((group: Group) => void) | undefined;
}

/** Where and when a message was posted or updated. */
interface Placement {
  readonly endpoint: string;
  readonly ref: MessageRef | undefined;
  readonly nowMillis: number;
}

/**
 * The groups of one destination and their messages in Slack. It holds groups and never texts, so an outage of an hour
 * needs no more memory than one of a minute.
 */
export class Outbox {
  readonly groups: GroupStore;
  readonly messages: PostedMessages;
  /** The part that outlives the process. */
  readonly persistence: Persistence;
  readonly #options: OutboxOptions;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.groups = new GroupStore(options);
    this.messages = this.groups.messages;
    this.persistence = new Persistence({ ...options, store: this.groups });
  }

  /**
   * Adds a record to its group, together with `records - 1` equal ones. Returns how many of them are silenced, and so
   * never shown.
   */
  fold(view: RecordView, fingerprint: string, records = 1): number {
    const { clock, policy, hasThreads } = this.#options;
    const nowMillis = clock.monotonic();
    const known = this.groups.get(fingerprint);
    const group = known ?? this.#create(view, fingerprint);
    const ended = howEpisodeEnded(group, policy, nowMillis);
    if (ended !== undefined) this.groups.restart(group, ended);
    this.groups.add(group, view, records, nowMillis);
    if (isSilenced(group, nowMillis)) {
      group.silenced += records;
      return this.groups.show(group);
    }
    // The first record is the sample; only later ones can differ from it.
    if (hasThreads && known !== undefined) findVariant(group, view, nowMillis);
    return 0;
  }

  /** Counts records that were dropped before they reached the exporter, to report them in the channel. */
  reportLost(records: number): void {
    const { clock, policy, redactor } = this.#options;
    const nowMillis = clock.monotonic();
    const view = lossView(clock.now());
    const group = this.groups.loss(() => toSample(view, redactor));
    if (hasEnded(group, policy, nowMillis)) this.groups.restart(group, 'quiet');
    this.groups.add(group, view, records, nowMillis);
  }

  /** Pending records that are part of a request without an answer: Slack may show them already. */
  unconfirmed(): number {
    return this.groups
      .all()
      .filter(({ kind }) => kind !== 'loss')
      .reduce((sum, { ambiguous, count, shown }) => sum + Math.max(0, Math.min(ambiguous, count) - shown), 0);
  }

  /** Slack confirmed the notification. Returns how many records it shows for the first time. */
  sent(notification: Notification, endpoint: string, ref: MessageRef | undefined): number {
    const nowMillis = this.#options.clock.monotonic();
    const groups = this.groups.current(notification.groups);
    this.#updateMessages(notification, groups, { endpoint, ref, nowMillis });
    for (const group of groups) {
      if (notification.reasons.get(group.fingerprint) === 'escalated') group.rate.rebase(nowMillis);
    }
    const records = notification.act === 'reply' ? 0 : this.#show(notification);
    this.persistence.notified(this.groups.current(notification.groups));
    return records;
  }

  /** Drops what is pending in these groups. Returns the number of records. */
  drop(groups: readonly Group[]): number {
    const records = groups.reduce((sum, group) => sum + this.groups.show(group), 0);
    // A group that was never posted has no message that could continue.
    for (const { fingerprint, postCount } of groups) if (postCount === 0) this.groups.forget(fingerprint);
    for (const group of this.groups.current(groups)) group.standing = cleared(group.standing);
    return records;
  }

  /** The notification was sent and not answered: Slack may or may not show it. */
  markAmbiguous({ act, rows }: Notification): void {
    if (act === 'reply') return;
    for (const row of rows) {
      const group = this.groups.get(row.fingerprint);
      if (group?.id === row.groupId) group.ambiguous = row.count;
    }
  }

  /** A post of these groups failed. */
  postFailed(groups: readonly Group[], failure: Failure): void {
    for (const group of this.groups.current(groups)) group.standing = afterFailure(group.standing, failure);
  }

  /** The endpoint proved to be the cause of all failures. */
  clearStandings(): void {
    for (const group of this.groups.all()) group.standing = cleared(group.standing);
  }

  /** The endpoint has recovered, and was the cause of all failures since this time (monotonic milliseconds). */
  recovered(failingSinceMillis: number): void {
    for (const group of this.groups.all()) group.standing = afterRecovery(group.standing, failingSinceMillis);
  }

  /** Gives up the replies about these groups, because they are refused. */
  dropReply({ groups, reasons }: Notification): void {
    const nowMillis = this.#options.clock.monotonic();
    for (const group of this.groups.current(groups)) {
      const reason = reasons.get(group.fingerprint);
      group.replied(reason === 'variant');
      if (reason === 'escalated') group.rate.rebase(nowMillis);
    }
  }

  /** Somebody silenced what the message shows. Returns how many records are never shown because of that. */
  silence(message: PostedMessage): number {
    const { clock, policy } = this.#options;
    const untilAtMillis = clock.monotonic() + policy.silenceMillis;
    let records = 0;
    for (const group of this.groups.answeredIn(message)) {
      // The reaction stays on the message when the silence is over, and silences only once.
      if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) continue;
      if (group.kind !== 'loss') group.silenced += group.count - group.shown;
      records += this.groups.show(group);
      group.silencedUntilAtMillis = untilAtMillis;
      group.isClosed = false;
    }
    this.messages.answered(message);
    this.persistence.notified(this.groups.answeredIn(message));
    return records;
  }

  /** Somebody closed the problems that the message shows. */
  closeProblems(message: PostedMessage): void {
    for (const group of this.groups.answeredIn(message)) {
      if (group.count > group.shown) this.groups.restart(group, 'closed');
      else group.isClosed = true;
      this.persistence.notified([group]);
    }
    this.messages.answered(message);
  }

  /** A message mentioned somebody because of these groups. */
  mentioned(groups: readonly Group[]): void {
    const current = this.groups.current(groups);
    for (const group of current) group.mentionedAtMillis = this.#options.clock.monotonic();
    this.persistence.notified(current);
  }

  #create(view: RecordView, fingerprint: string): MutableGroup {
    const group = this.groups.create({ fingerprint, sample: () => toSample(view, this.#options.redactor) });
    if (group.kind === 'problem') this.persistence.continueNotification(group);
    return group;
  }

  #updateMessages(
    notification: Notification,
    groups: readonly MutableGroup[],
    { endpoint, ref, nowMillis }: Placement,
  ): void {
    const { act, message, reasons } = notification;
    if (act === 'update' && message) {
      this.messages.updated(message, notification, nowMillis);
      const moving = groups.filter((group) => group.message !== message);
      for (const group of moving) this.messages.markOutdated(group.moveTo(message, nowMillis));
    }
    if (act === 'reply' && message) {
      this.messages.replied(message, nowMillis);
      for (const group of groups) group.replied(reasons.get(group.fingerprint) === 'variant');
    }
    if (act !== 'post') return;
    const posted = this.messages.posted(notification, endpoint, ref, nowMillis);
    for (const group of groups) {
      group.standing = posted.standing;
      this.messages.markOutdated(group.moveTo(posted, nowMillis));
      // A message that cannot be updated reports the recovered records once; the next message must not repeat it.
      if (ref === undefined) group.recoveredAtMillis = undefined;
    }
  }

  #show({ rows }: Notification): number {
    return rows
      .filter(({ status }) => status !== 'moved')
      .reduce((sum, { fingerprint, groupId: id, count }) => sum + this.groups.show({ fingerprint, id, count }), 0);
  }
}

/** Never throws: the record is counted already, and a record that cannot be compared is no variant. */
function findVariant(group: MutableGroup, view: RecordView, nowMillis: number): void {
  try {
    group.findVariant(view, nowMillis);
  } catch {}
}

/** Creates the record that represents dropped records. */
function lossView(nowMillis: number): RecordView {
  return readRecord({
    severityNumber: 13,
    severityText: 'WARN',
    body: LOSS_TEXT,
    hrTime: [Math.floor(nowMillis / 1_000), (nowMillis % 1_000) * 1_000_000],
  } as ReadableLogRecord);
}

const LOSS_TEXT = 'never arrived: the queue was full. Raise maxQueueSize, or log less';
