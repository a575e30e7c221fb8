import type { Group, MessageKind, PostedMessage, Row } from './group.js';
import type { Reason } from './lifecycle.js';
import type { Standing } from './standing/standing.js';

/** The content of one post, update or reply: which groups it shows, and why. */
export interface Notification {
  readonly act: 'post' | 'update' | 'reply';
  readonly kind: MessageKind;
  readonly form: MessageForm;
  /** Shown in the message. Two copies of one message have the same id. */
  readonly id: string;
  /** The rows, in their order. A digest shows the first {@link MAX_DIGEST_ROWS} and counts the others. */
  readonly rows: readonly Row[];
  /** Snapshots of the groups of the rows, without groups that moved to a newer message. */
  readonly groups: readonly Group[];
  /** Why the message is sent, by the fingerprint of each group that caused it. */
  readonly reasons: ReadonlyMap<string, Reason>;
  /** The message to update or to reply to; undefined for a new post. */
  readonly message: PostedMessage | undefined;
  /** The label of the blocked endpoint that this notification was meant for, when it goes to the fallback. */
  readonly intendedFor?: string;
}

/** How much of a notification is sent. See `MessageState`. */
export type MessageForm = 'full' | 'plain' | 'minimal';

/** Returns the form in which a message with this standing is sent. */
export function formOf({ state }: Standing): MessageForm {
  return state === 'plain' || state === 'minimal' ? state : 'full';
}

/** The number of groups that a digest shows with a line each. */
export const MAX_DIGEST_ROWS = 15;
