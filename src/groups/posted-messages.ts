import type { MessageRef } from '../slack/types.js';
import type { PostedMessage, Row } from './group.js';
import type { Notification } from './notification.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What happens to messages that stand in a channel: written down here, and nowhere else. */
export class PostedMessages {
  readonly #outdated = new Set<PostedMessage>();
  readonly #mostOutdated: number;

  /** @param mostOutdated - messages that wait for a mark; further ones go without */
  constructor(mostOutdated: number) {
    this.#mostOutdated = mostOutdated;
  }

  /** Messages of which something goes on elsewhere, or has been answered, and which do not say so yet. */
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
    };
  }

  updated(message: Mutable<PostedMessage>, notification: Notification, nowMillis: number): void {
    message.rows = rowsByFingerprint(notification);
    message.changedAtMillis = nowMillis;
    this.#outdated.delete(message);
  }

  replied(message: Mutable<PostedMessage>, nowMillis: number): void {
    message.repliedAtMillis = nowMillis;
  }

  reactionsRead(message: Mutable<PostedMessage>, nowMillis: number): void {
    message.reactionsReadAtMillis = nowMillis;
  }

  freeze(message: Mutable<PostedMessage>): void {
    message.isFrozen = true;
    this.#outdated.delete(message);
  }

  /** Somebody has answered it: it is to say so. */
  answered(message: PostedMessage): void {
    this.#outdated.add(message);
  }

  /** What goes on elsewhere is to be marked so where it stood. */
  leave(message: PostedMessage | undefined): void {
    if (message?.ref === undefined || message.isFrozen || this.#outdated.size >= this.#mostOutdated) return;
    this.#outdated.add(message);
  }
}

function rowsByFingerprint({ rows }: Notification): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.fingerprint, row]));
}
