/** What the inbox and its page say to each other. Types only: both sides are compiled against them. */
import type { PageNode } from './tree.js';

/** An emoji under a message. */
export interface ShownReaction {
  /** Slack's name for it. */
  readonly name: string;
  /** The character, or `:name:`. */
  readonly text: string;
  readonly count: number;
  /** Whether the reader is one of those who gave it. */
  readonly own: boolean;
  /** Names, with commas. */
  readonly people: string;
}

interface EntryBase {
  /** Of its own for ever. */
  readonly key: string;
  /** Id; of a refusal as its poster wrote it, or ''. */
  readonly channel: string;
  readonly atMillis: number;
  /** Its place in the feed, increasing; absent for what stands in a thread only. */
  readonly order?: number;
}

/** A message as the page shows it. */
export interface MessageEntry extends EntryBase {
  readonly kind: 'message';
  readonly ts: string;
  readonly author: { readonly name: string; readonly emoji: string };
  readonly isEdited: boolean;
  /** Notification text, for those who do not see the page. */
  readonly summary: string;
  /** What a stranger wrote, as text and safe links. */
  readonly content: readonly PageNode[];
  readonly reactions: readonly ShownReaction[];
  /** Key of the message that it replies to. */
  readonly thread?: string;
  readonly replies?: { readonly count: number; readonly lastAtMillis: number };
}

/** A request that Slack would refuse, or that met a fault. */
export interface RefusalEntry extends EntryBase {
  readonly kind: 'refusal';
  /** `webhook`, or the name of the Web API method. */
  readonly method: string;
  /** Slack's word, e.g. `invalid_blocks`; what happened to the connection where there was no answer. */
  readonly error: string;
  /** HTTP status; absent where there was no answer. */
  readonly status?: number;
  /** What the word means and what to do. */
  readonly reason: string;
  /** Whether a fault did it. */
  readonly isFault: boolean;
  readonly retryAfterSeconds?: number;
  /** Each as Slack says it, with the JSON pointer of the place. */
  readonly problems: readonly Problem[];
}

export type Entry = MessageEntry | RefusalEntry;

export interface Problem {
  readonly text: string;
  /** E.g. `/blocks/0/text/text`; '' is all of it. */
  readonly pointer: string;
}

/** A part of a feed, oldest first. */
export interface FeedPart {
  readonly entries: readonly Entry[];
  /** Whether nothing stands before it, or after it. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** A thread: the message that it began with, unless that is gone, and the replies. */
export interface ThreadPart {
  readonly parent?: MessageEntry;
  readonly replies: readonly MessageEntry[];
}

export interface ChannelState {
  readonly id: string;
  readonly name: string;
  readonly unread: number;
  readonly isArchived: boolean;
  /** A webhook that posts here, if there is one. */
  readonly webhookUrl?: string;
}

/** A fault that requests may meet now. */
export interface FaultState {
  readonly kind: string;
  /** In a few words, e.g. `status 503`. */
  readonly label: string;
  readonly methods?: readonly string[];
  /** Absent: until it is cleared. */
  readonly remainingMillis?: number;
  /** Requests that it will meet still; absent: any number. */
  readonly timesLeft?: number;
}

/** All that stands around the messages. */
export interface PageState {
  readonly channels: readonly ChannelState[];
  /** How many are kept, and how many had to go to make room. */
  readonly messages: number;
  readonly dropped: number;
  readonly refused: { readonly count: number; readonly unread: number; readonly dropped: number };
  readonly faults: readonly FaultState[];
  readonly apiUrl: string;
  readonly token: string;
}

/** What happened since the last event. */
export interface Changes {
  readonly state: PageState;
  /** What came or changed, as it is now. */
  readonly entries?: readonly Entry[];
  /** Keys of what is no more. */
  readonly gone?: readonly string[];
  /** The page has to ask anew: it is new, it missed something, or there was too much to tell. */
  readonly reload?: true;
}

/** What the dialog with the JSON shows. */
export interface Source {
  readonly json: unknown;
  readonly problems: readonly Problem[];
  /** Opens the message in Slack's Block Kit Builder; absent where it has nothing to show there. */
  readonly builderUrl?: string;
}

/** The channel under which all refusals stand together. */
export const REFUSED = 'refused';
