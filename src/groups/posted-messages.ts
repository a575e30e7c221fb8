import type { MessageRef } from '../slack/index.js';
import type { PostedMessage, Row } from './group.js';
import type { Notification } from './notification.js';
import type { MessageState } from './standing/message-states.js';
import { afterFailure, afterPass, type Failure, GOOD_STANDING } from './standing/standing.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The only place where the state of posted messages changes. */
export class PostedMessages {
  readonly #outdated = new Set<PostedMessage>();
  readonly #maxOutdated: number;

  /** @param maxOutdated - the highest number of outdated messages; further ones are not updated */
  constructor(maxOutdated: number) {
    this.#maxOutdated = maxOutdated;
  }

  /** Messages that must be updated although none of their groups has new records: a group moved or was answered. */
  outdated(): readonly PostedMessage[] {
    return [...this.#outdated];
  }

  posted(notification: Notification, endpoint: string, ref: MessageRef | undefined, nowMillis: number): PostedMessage {
    return {
      kind: notification.kind,
      id: notification.id,
      endpoint,
      ref,
      isFrozen: false,
      rows: rowsByFingerprint(notification),
      changedAtMillis: nowMillis,
      reactionsReadAtMillis: nowMillis,
      repliedAtMillis: Number.NEGATIVE_INFINITY,
      standing: afterPass(notification.groups[0]?.standing ?? GOOD_STANDING, stateOf(notification)),
      failedReplies: 0,
    };
  }

  updated(message: Mutable<PostedMessage>, notification: Notification, nowMillis: number): void {
    message.rows = rowsByFingerprint(notification);
    message.changedAtMillis = nowMillis;
    message.standing = afterPass(message.standing, stateOf(notification));
    this.#outdated.delete(message);
  }

  replied(message: Mutable<PostedMessage>, nowMillis: number): void {
    message.repliedAtMillis = nowMillis;
    message.failedReplies = 0;
  }

  /** A reply failed: the next one waits as long as after a reply that was posted. */
  replyFailed(message: Mutable<PostedMessage>, nowMillis: number): void {
    message.repliedAtMillis = nowMillis;
    message.failedReplies++;
  }

  /** An update failed. */
  updateFailed(message: Mutable<PostedMessage>, failure: Failure): void {
    message.standing = afterFailure(message.standing, failure);
  }

  reactionsRead(message: Mutable<PostedMessage>, nowMillis: number): void {
    message.reactionsReadAtMillis = nowMillis;
  }

  freeze(message: Mutable<PostedMessage>): void {
    message.isFrozen = true;
    this.#outdated.delete(message);
  }

  /** A reaction answered the message, so it must be updated to show that. Not limited, because a person expects it. */
  answered(message: PostedMessage): void {
    this.#outdated.add(message);
  }

  /** A group of the message moved or is forgotten, so the message must be updated to show that. */
  markOutdated(message: PostedMessage | undefined): void {
    if (message?.ref === undefined || message.isFrozen || this.#outdated.size >= this.#maxOutdated) return;
    this.#outdated.add(message);
  }
}

/** Returns the state in which Slack took the notification. */
function stateOf({ form }: Notification): MessageState {
  return form === 'full' ? 'normal' : form;
}

function rowsByFingerprint({ rows }: Notification): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.fingerprint, row]));
}
