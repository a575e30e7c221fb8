import type { Clock } from './clock.js';
import type { Fault } from './faults.js';
import type { JsonObject } from './json.js';

/** A channel that the inbox shall have. */
export interface InboxChannel {
  /** As Slack writes it, e.g. `C0123ALERTS`. */
  readonly id: string;
  /** With or without the leading `#`. */
  readonly name: string;
  /** Whether the app was invited. @default true */
  readonly isMember?: boolean;
  /** @default false */
  readonly isArchived?: boolean;
}

/** What {@link startInbox} takes. All of it is optional. */
export interface InboxOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Faults that apply from the first request on; see {@link Fault}. @default none */
  readonly faults?: readonly Fault[];
  /**
   * Whether Slack's rates hold: one message a second a channel, 50 a minute for `chat.update` and its like.
   * @default true
   */
  readonly rateLimit?: boolean;
  /**
   * The channels of the workspace; the first one is the default channel.
   * @default `#alerts` (C0123ALERTS), `#general`, `#random` (not a member), `#old-alerts` (archived)
   */
  readonly channels?: readonly InboxChannel[];
  /** OAuth scopes of the token. @default all that the methods of the inbox need */
  readonly scopes?: readonly string[];
  /** The bot token that is valid here. @default a made-up `xoxb-…`, another one for each inbox */
  readonly token?: string;
  /** Time for rates, faults and `ts`. @default the time of day, which never jumps */
  readonly clock?: Clock;
}

/** One emoji under a message, as `reactions.get` has it. */
export interface InboxReaction {
  readonly name: string;
  readonly users: readonly string[];
  readonly count: number;
}

/** A message as it stands in the channel now, updates applied. Field names are Slack's. */
export interface InboxMessage {
  /** Slack's id of a message, e.g. `1700000000.000100`: unique and increasing. */
  readonly ts: string;
  /** Id of the channel. */
  readonly channel: string;
  readonly text: string;
  readonly blocks?: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  /** `ts` of the parent, when it is a reply. */
  readonly thread_ts?: string;
  /** Present when it is a reply that stands in the channel too. */
  readonly reply_broadcast?: true;
  /** Present once `chat.update` changed the message. */
  readonly edited?: { readonly ts: string };
  /** When it was posted first, in milliseconds of the inbox's clock. */
  readonly receivedAtMillis: number;
  readonly via: 'webhook' | 'chat.postMessage';
  readonly reactions: readonly InboxReaction[];
  /** The body of the last request that wrote this message; `blocks` and the like decoded, without the token. */
  readonly payload: JsonObject;
}

/** One request to `/services` or `/api`, whatever became of it. */
export interface InboxRequest {
  /** When its headers arrived, in milliseconds of the inbox's clock. */
  readonly receivedAtMillis: number;
  /** The same moment on a clock that never jumps (`performance.now()`), in milliseconds. */
  readonly monotonicMillis: number;
  /** `webhook`, or the name of the Web API method. */
  readonly method: string;
  /** Id of the channel; as the poster wrote it when there is no such channel. */
  readonly channel?: string;
  /** HTTP status of the answer; absent while there is none, and for good after a hang or a reset. */
  readonly status?: number;
  /** Slack's word for the refusal, e.g. `invalid_blocks`. */
  readonly error?: string;
  /** What the answer asked to wait; absent when it did not, or not in a form that can be read. */
  readonly retryAfterSeconds?: number;
  /** Kind of the scripted fault that met this request. */
  readonly fault?: Fault['kind'];
  /** The parsed body, without the token; `undefined` when it could not be read. */
  readonly body?: JsonObject;
  /** `ts` of the message that this request posted; of the one that it is about, as the poster wrote it, even when refused. */
  readonly messageTs?: string;
}

/** How {@link Inbox.waitForMessages} waits. */
export interface WaitOptions {
  /** @default 5000 */
  readonly timeoutMillis?: number;
  /** Id or name; only messages of this channel count. @default every channel */
  readonly channel?: string;
}

/** Who reacts in {@link Inbox.react}, and where. */
export interface ReactOptions {
  /** Id of a made-up person; several ones count up. @default U0PERSON01, whose reactions are those of the page */
  readonly user?: string;
  /** Id or name. @default wherever the message stands */
  readonly channel?: string;
}

/** A running local Slack. */
export interface Inbox {
  /** The page for people: `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** An incoming webhook that posts to the default channel. */
  readonly webhookUrl: string;
  /** What stands in for `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** The bot token that is valid here. */
  readonly token: string;
  /** Id of the default channel. */
  readonly channel: string;
  /**
   * The messages that stand in the channel (id or name; default: in all of them), replies included, oldest first.
   * At most 10,000 are kept.
   */
  messages(channel?: string): readonly InboxMessage[];
  /** Every request to `/services` and `/api`, oldest first. At most 20,000 are kept. */
  requests(): readonly InboxRequest[];
  /**
   * Puts an emoji under a message, as a person does with a click; reacting twice is reacting once. The bot's own come
   * by `reactions.add`. Throws when there is no such message, or the name can be no emoji's.
   * @param name with or without colons: `no_bell`, `:+1::skin-tone-2:`; what Slack stores for `thumbsup` is `+1`
   */
  react(messageTs: string, name: string, options?: ReactOptions): void;
  /** Takes a person's emoji back. Throws when there is no such message, or no such reaction of that person. */
  unreact(messageTs: string, name: string, options?: ReactOptions): void;
  /** Replaces the script of faults; times and counts start anew. Throws on a fault that makes no sense. */
  setFaults(faults: readonly Fault[]): void;
  /** From now on requests are answered honestly; those that hang already go on hanging. */
  clearFaults(): void;
  /** Resolves once `count` messages stand there; rejects when time is up, and says what is there instead. */
  waitForMessages(count: number, options?: WaitOptions): Promise<readonly InboxMessage[]>;
  /** Makes another webhook and returns its URL. Throws when the channel (id or name) does not exist. */
  addWebhook(channel?: string): string;
  /** Forgets messages, requests and used rates; channels, webhooks and faults stay. */
  clear(): void;
  /** Ends the server, and everything that hangs, at once. */
  close(): Promise<void>;
}
