import type { LookupAddress } from 'node:dns';
import type { KnownBlock, MessageAttachment } from '@slack/types';

/** A message: the fields of Slack's `chat.postMessage` and of webhooks that define its content. */
export interface SlackMessage {
  /** The text of the push notification and for screen readers. It is sent alone when Slack refuses the blocks. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** Slack shows blocks inside an attachment with a coloured bar. */
  readonly attachments?: readonly MessageAttachment[];
}

/** A request to Slack. */
export type SlackRequest =
  /** Posts a message to the channel, or to a thread. A broadcast reply appears in the channel too. */
  | { readonly act: 'post'; readonly message: SlackMessage; readonly thread?: Thread }
  | { readonly act: 'update'; readonly message: SlackMessage; readonly ref: MessageRef }
  /** Reads the reactions to a message. */
  | { readonly act: 'reactions'; readonly ref: MessageRef };

/** The thread of a reply. */
export interface Thread {
  readonly ts: string;
  readonly isBroadcast: boolean;
}

/** A destination: one place to post. */
export type Destination = WebhookDestination | ChannelDestination;

/** An incoming webhook. It posts to the channel for which it was created. */
export interface WebhookDestination {
  readonly kind: 'webhook';
  readonly url: string;
}

/** A channel, reached through the Web API. */
export interface ChannelDestination {
  readonly kind: 'channel';
  readonly token: string;
  readonly channel: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
}

/** A message that is sent while the process ends. */
export interface LastWord {
  readonly destination: Destination;
  readonly message: SlackMessage;
  /** The wait until the rate limit allows the message. */
  readonly delayMillis: number;
  readonly timeoutMillis: number;
  /** Whether the destination is this machine. */
  readonly isLocal: boolean;
  /** The addresses of the server, if a lookup found them before. */
  readonly addresses?: readonly LookupAddress[] | undefined;
}

/** The result of a last word: Slack confirmed it, refused it or was not reached, or may have taken it. */
export type LastWordResult = 'sent' | 'failed' | 'unknown';

/** The outcome of one request. */
export type Outcome =
  | {
      readonly kind: 'sent';
      /** The posted message. Absent for a webhook. */
      readonly ref?: MessageRef;
      /** The names of the emoji with which people reacted. */
      readonly reactions?: ReadonlySet<string>;
      /** The scopes of the token. Absent for a webhook. */
      readonly scopes?: readonly string[];
    }
  /** Slack did not act on the request: retry later. `rateLimitedMillis`: the wait that Slack asks for; without it, back off. */
  | { readonly kind: 'retry'; readonly reason: string; readonly rateLimitedMillis?: number }
  /** The request may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /**
   * Slack refused the request because of its content (`payload`), its destination, or the `message` to update (which is
   * deleted or cannot be changed). `unclear`: an unknown error, or the page of a proxy; the cause may be the content or
   * the destination.
   */
  | { readonly kind: 'refused'; readonly reason: string; readonly because: Refusal };

/** Why Slack refused a request. See {@link Outcome}. */
export type Refusal = 'payload' | 'destination' | 'message' | 'unclear';

/** Identifies a message in Slack. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}
