import type { MessageRef } from '../slack/types.js';
import type { LiveMessage, Row } from './group.js';
import type { Selection } from './notification.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What happens to messages that stand in a channel: written down here, and nowhere else. */
export class LiveMessages {
  readonly #outdated = new Set<LiveMessage>();
  readonly #mostOutdated: number;

  /** @param mostOutdated - messages that wait for a mark; further ones go without */
  constructor(mostOutdated: number) {
    this.#mostOutdated = mostOutdated;
  }

  /** Messages of which something goes on elsewhere, or has been answered, and which do not say so yet. */
  outdated(): readonly LiveMessage[] {
    return [...this.#outdated];
  }

  posted(selection: Selection, place: string, ref: MessageRef | undefined, nowMillis: number): LiveMessage {
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

  updated(message: Mutable<LiveMessage>, selection: Selection, nowMillis: number): void {
    message.rows = rowsByFingerprint(selection);
    message.changedAtMillis = nowMillis;
    this.#outdated.delete(message);
  }

  replied(message: Mutable<LiveMessage>, nowMillis: number): void {
    message.repliedAtMillis = nowMillis;
  }

  looked(message: Mutable<LiveMessage>, nowMillis: number): void {
    message.lookedAtMillis = nowMillis;
  }

  freeze(message: Mutable<LiveMessage>): void {
    message.isFrozen = true;
    this.#outdated.delete(message);
  }

  /** Somebody has answered it: it is to say so. */
  answered(message: LiveMessage): void {
    this.#outdated.add(message);
  }

  /** What goes on elsewhere is to be marked so where it stood. */
  leave(message: LiveMessage | undefined): void {
    if (message?.ref === undefined || message.isFrozen || this.#outdated.size >= this.#mostOutdated) return;
    this.#outdated.add(message);
  }
}

function rowsByFingerprint({ rows }: Selection): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.fingerprint, row]));
}
