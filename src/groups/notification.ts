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
  /** The rows, in their order. A digest shows the first {@link listedRows} and counts the others. */
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

/** A digest of up to this many groups has a line for each. */
export const MAX_DIGEST_ROWS = 60;

/** The number of lines with all details. The others are short, so that the message stays within Slack's limits. */
export const DETAILED_DIGEST_ROWS = 15;

/** Returns how many of the groups of a digest have a line. Of very many, only the worst have one, and the others are counted. */
export function listedRows(groups: number): number {
  return groups <= MAX_DIGEST_ROWS ? groups : DETAILED_DIGEST_ROWS;
}
