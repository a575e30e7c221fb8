import type { Group, MessageKind, PostedMessage, Row } from './group.js';
import type { Reason } from './lifecycle.js';

/** What is said next, and how. */
export interface Notification {
  readonly act: 'post' | 'update' | 'reply';
  readonly kind: MessageKind;
  /** By what a reader knows two copies of the message as such. */
  readonly id: string;
  /** What it shows, in its order; a digest names the first of them and counts the others. */
  readonly rows: readonly Row[];
  /** The groups of the rows, as they are now, without those that go on elsewhere. */
  readonly groups: readonly Group[];
  /** Why, for each group that gave the occasion, by its fingerprint. */
  readonly reasons: ReadonlyMap<string, Reason>;
  /** The message that is changed, or in whose thread it is said. */
  readonly message: PostedMessage | undefined;
  /** The name of the place where it should have been said, when that does not take it. */
  readonly intendedFor?: string;
}

/** Whether Slack refused the look of everything in it already: only the text is left to try. */
export function isPlainText({ groups }: Notification): boolean {
  return groups.length > 0 && groups.every((group) => group.asPlainText);
}

/** Lines of a digest: what a person reads. */
export const MAX_DIGEST_ROWS = 15;
