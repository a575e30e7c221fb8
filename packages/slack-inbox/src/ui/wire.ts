/** The messages between the inbox and its page. Both sides are compiled against these types. */
import type { PageNode } from './tree.js';

/** An emoji under a message. */
export interface ShownReaction {
  /** Slack's name of the emoji. */
  readonly name: string;
  /** The emoji as a character, or `:name:`. */
  readonly text: string;
  readonly count: number;
  /** Whether the reader added this reaction. */
  readonly isOwn: boolean;
  /** Names of the people who added it, separated by commas. */
  readonly people: string;
}

interface EntryBase {
  /** Unique, also after the entry is removed. */
  readonly key: string;
  /** Id of the channel. In a refusal: the channel that the request names, or ''. */
  readonly channel: string;
  readonly atMillis: number;
  /** The position in the feed, increasing. Absent when a message is only in a thread. */
  readonly order?: number;
}

/** A message as the page shows it. */
export interface MessageEntry extends EntryBase {
  readonly kind: 'message';
  readonly ts: string;
  readonly author: { readonly name: string; readonly emoji: string };
  readonly isEdited: boolean;
  /** The text of the notification, for screen readers. */
  readonly summary: string;
  /** The rendered content: text, and links with a safe scheme. */
  readonly content: readonly PageNode[];
  readonly reactions: readonly ShownReaction[];
  /** Only in a reply: key of the first message of the thread. */
  readonly thread?: string;
  readonly replies?: { readonly count: number; readonly lastAtMillis: number };
}

/** A request that Slack would refuse, or that met a fault. */
export interface RefusalEntry extends EntryBase {
  readonly kind: 'refusal';
  /** `webhook`, or the name of the Web API method. */
  readonly method: string;
  /** Slack's error, e.g. `invalid_blocks`, or the kind of the fault. */
  readonly error: string;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** What the error means, and what to do. */
  readonly reason: string;
  /** Whether a fault caused the error. */
  readonly isFault: boolean;
  readonly retryAfterSeconds?: number;
  /** Slack's descriptions of the problems, with JSON pointers. */
  readonly problems: readonly Problem[];
}

export type Entry = MessageEntry | RefusalEntry;

export interface Problem {
  readonly text: string;
  /** E.g. `/blocks/0/text/text`; '' for the whole body. */
  readonly pointer: string;
}

/** A part of a feed, oldest first. */
export interface FeedPart {
  readonly entries: readonly Entry[];
  /** Whether this part includes the first entry (`atStart`) or the last entry (`atEnd`) of the feed. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** A thread: its first message, unless that is deleted, and its replies. */
export interface ThreadPart {
  readonly parent?: MessageEntry;
  readonly replies: readonly MessageEntry[];
}

export interface ChannelState {
  readonly id: string;
  readonly name: string;
  readonly unread: number;
  readonly isArchived: boolean;
  /** A webhook that posts to this channel; absent when there is none. */
  readonly webhookUrl?: string;
}

/** A fault that applies now. */
export interface FaultState {
  readonly kind: string;
  /** A short description, e.g. `HTTP 503`. */
  readonly label: string;
  readonly methods?: readonly string[];
  /** Absent when the fault lasts until it is cleared. */
  readonly remainingMillis?: number;
  /** The number of requests that it still applies to; absent when that is not limited. */
  readonly timesLeft?: number;
}

/** What the page shows beside the messages. */
export interface PageState {
  readonly channels: readonly ChannelState[];
  /** The numbers of messages that the inbox holds, and that it dropped because it was full. */
  readonly messages: number;
  readonly dropped: number;
  readonly refused: { readonly count: number; readonly unread: number; readonly dropped: number };
  readonly faults: readonly FaultState[];
  readonly apiUrl: string;
  readonly token: string;
}

/** The changes since the last event. */
export interface Changes {
  readonly state: PageState;
  /** New and changed entries in their current version. */
  readonly entries?: readonly Entry[];
  /** Keys of removed entries. */
  readonly removed?: readonly string[];
  /** The page must fetch everything again: it is new, it missed an event, or there are too many changes. */
  readonly reload?: true;
}

/** The content of the JSON dialog. */
export interface Source {
  readonly json: unknown;
  readonly problems: readonly Problem[];
  /** Opens the message in Slack's Block Kit Builder; absent when the builder has nothing to show. */
  readonly builderUrl?: string;
}

/** The id of the list of all refusals, beside the ids of the channels. */
export const REFUSED = 'refused';
