import type { Clock } from './clock.js';
import type { Fault } from './faults.js';
import type { JsonObject } from './json.js';

/** A channel of the inbox. */
export interface InboxChannel {
  /** Slack's id, e.g. `C0123ALERTS`. */
  readonly id: string;
  /** With or without the leading `#`. */
  readonly name: string;
  /** Whether the app is a member of the channel. @default true */
  readonly isMember?: boolean;
  /** @default false */
  readonly isArchived?: boolean;
}

/** The options of {@link startInbox}. All are optional. */
export interface InboxOptions {
  /** The TCP port on 127.0.0.1; 0 chooses a free port. @default 0 */
  readonly port?: number;
  /** Faults that are active from the start; see {@link Fault}. @default none */
  readonly faults?: readonly Fault[];
  /**
   * Whether the inbox limits rates as Slack does: one message a second for each channel, and 50 calls a minute for
   * `chat.update` and similar methods.
   * @default true
   */
  readonly rateLimit?: boolean;
  /**
   * The channels of the workspace; the first one is the default channel.
   * @default `#alerts` (C0123ALERTS), `#general`, `#random` (not a member), `#old-alerts` (archived)
   */
  readonly channels?: readonly InboxChannel[];
  /** OAuth scopes of the token. @default every scope that a method of the inbox needs */
  readonly scopes?: readonly string[];
  /** The bot token that the inbox accepts. @default a random `xoxb-…` */
  readonly token?: string;
  /** The time for rates, faults and `ts`. @default the time of day, unaffected by changes of the system's clock */
  readonly clock?: Clock;
}

/** One emoji under a message, as in an answer of `reactions.get`. */
export interface InboxReaction {
  readonly name: string;
  readonly users: readonly string[];
  readonly count: number;
}

/** A message in its current version, with all updates. Fields in snake_case are Slack's. */
export interface InboxMessage {
  /** Slack's id of a message, e.g. `1700000000.000100`. Unique and increasing. */
  readonly ts: string;
  /** Id of the channel. */
  readonly channel: string;
  readonly text: string;
  readonly blocks?: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  /** Only in a reply: `ts` of the parent message. */
  readonly thread_ts?: string;
  /** Only in a reply that is also shown in the channel. */
  readonly reply_broadcast?: true;
  /** Present after `chat.update` changed the message. */
  readonly edited?: { readonly ts: string };
  /** When the message was posted, in milliseconds of the inbox's clock. */
  readonly receivedAtMillis: number;
  readonly via: 'webhook' | 'chat.postMessage';
  readonly reactions: readonly InboxReaction[];
  /** The body of the request that posted or last updated the message, without the token. JSON in form fields is decoded. */
  readonly payload: JsonObject;
}

/** One request to `/services` or `/api`, accepted or not. */
export interface InboxRequest {
  /** When the headers arrived, in milliseconds of the inbox's clock. */
  readonly receivedAtMillis: number;
  /** The same moment as `performance.now()`, in milliseconds. For differences between two requests. */
  readonly monotonicMillis: number;
  /** `webhook`, or the name of the Web API method. */
  readonly method: string;
  /** Id of the channel. When no such channel exists: the channel that the request names. */
  readonly channel?: string;
  /** HTTP status of the answer. Absent before the answer, and when there is none because of a fault. */
  readonly status?: number;
  /** Slack's error, e.g. `invalid_blocks`. */
  readonly error?: string;
  /** The seconds of the answer's `Retry-After`. Absent without this header, or when it has no valid value. */
  readonly retryAfterSeconds?: number;
  /** Kind of the fault that applied to this request. */
  readonly fault?: Fault['kind'];
  /** The parsed body, without the token. Absent when the body is invalid. */
  readonly body?: JsonObject;
  /** `ts` of the message that the request posted, or the `ts` that the request names, also when it is refused. */
  readonly messageTs?: string;
}

/** Options of {@link Inbox.waitForMessages}. */
export interface WaitOptions {
  /** @default 5000 */
  readonly timeoutMillis?: number;
  /** Id or name; only messages of this channel count. @default every channel */
  readonly channel?: string;
}

/** Options of {@link Inbox.react} and {@link Inbox.unreact}. */
export interface ReactOptions {
  /** Id of the person who reacts; any id will do. @default U0PERSON01, the person who uses the page */
  readonly user?: string;
  /** Id or name of the channel. @default the channel of the message */
  readonly channel?: string;
}

/** A running local Slack. */
export interface Inbox {
  /** The page for people: `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** An incoming webhook that posts to the default channel. */
  readonly webhookUrl: string;
  /** The URL to use instead of `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** The bot token that the inbox accepts. */
  readonly token: string;
  /** Id of the default channel. */
  readonly channel: string;
  /**
   * Returns the messages of a channel (id or name; default: of all channels), replies included, oldest first. The inbox
   * keeps the newest 10,000.
   */
  messages(channel?: string): readonly InboxMessage[];
  /** Returns the requests to `/services` and `/api`, oldest first. The inbox keeps the newest 20,000. */
  requests(): readonly InboxRequest[];
  /**
   * Adds a person's reaction to a message, as a click does. A second call with the same emoji has no effect. (A bot reacts
   * with `reactions.add`.) Throws when the message does not exist, or the name is not a valid name of an emoji.
   * @param name with or without colons: `no_bell`, `:+1::skin-tone-2:`. An alias such as `thumbsup` is stored as `+1`
   */
  react(messageTs: string, name: string, options?: ReactOptions): void;
  /** Removes a person's reaction. Throws when the message or the reaction of that person does not exist. */
  unreact(messageTs: string, name: string, options?: ReactOptions): void;
  /** Replaces all faults. Their times and counts start now. Throws when a fault is invalid. */
  setFaults(faults: readonly Fault[]): void;
  /** Removes all faults. Later requests get normal answers; a request that already hangs stays open. */
  clearFaults(): void;
  /** Resolves with all messages as soon as there are `count`. Rejects after the timeout; the error lists the messages. */
  waitForMessages(count: number, options?: WaitOptions): Promise<readonly InboxMessage[]>;
  /** Creates another webhook and returns its URL. Throws when the channel (id or name) does not exist. */
  addWebhook(channel?: string): string;
  /** Deletes all messages and requests, and resets the rates. Channels, webhooks and faults stay. */
  clear(): void;
  /** Stops the server and closes all connections at once. */
  close(): Promise<void>;
}
