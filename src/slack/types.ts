import type { KnownBlock, MessageAttachment } from '@slack/types';

/** What is posted: the fields of Slack's `chat.postMessage` and of webhooks that decide how a message looks. */
export interface SlackMessage {
  /** The push notification, what a screen reader says, and all that is sent when Slack refuses the blocks. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** Blocks inside an attachment get the coloured bar. */
  readonly attachments?: readonly MessageAttachment[];
}

/** What is asked of Slack. */
export type SlackRequest =
  /** Post it: into the channel, or into a thread of it, and then, if it matters to all, into the channel as well. */
  | { readonly act: 'post'; readonly message: SlackMessage; readonly thread?: Thread }
  | { readonly act: 'update'; readonly message: SlackMessage; readonly ref: MessageRef }
  /** Which reactions does the message have? */
  | { readonly act: 'reactions'; readonly ref: MessageRef };

/** Where a reply goes. */
export interface Thread {
  readonly ts: string;
  readonly isBroadcast: boolean;
}

/** One place to post. */
export type Destination = WebhookDestination | ChannelDestination;

/** An incoming webhook: it posts to the channel that it was made for. */
export interface WebhookDestination {
  readonly kind: 'webhook';
  readonly url: string;
}

/** A channel, through the Web API. */
export interface ChannelDestination {
  readonly kind: 'channel';
  readonly token: string;
  readonly channel: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
}

/** A message that a process which ends has yet to send. */
export interface LastWord {
  readonly destination: Destination;
  readonly message: SlackMessage;
  /** Until the channel takes another message. */
  readonly delayMillis: number;
  readonly timeoutMillis: number;
  /** The destination is this machine itself. */
  readonly isLocal: boolean;
}

/** What became of one request. */
export type Outcome =
  | {
      readonly kind: 'sent';
      /** Where the message stands; a webhook does not say. */
      readonly ref?: MessageRef;
      /** The emoji under the message, by their names. */
      readonly reactions?: ReadonlySet<string>;
      /** What the token may do; a webhook does not say. */
      readonly scopes?: readonly string[];
    }
  /** It did not arrive. `rateLimitedMillis` is Slack's own word on when to come again; without it, back off. */
  | { readonly kind: 'retry'; readonly reason: string; readonly rateLimitedMillis?: number }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /**
   * Slack will not take it: because of what it says, because of where it goes, because of the message that it is about
   * (which cannot be changed or is gone), or for a reason we do not know.
   */
  | { readonly kind: 'refused'; readonly reason: string; readonly because: Refusal };

/** See {@link Outcome}. */
export type Refusal = 'payload' | 'destination' | 'message' | 'unclear';

/** Where a message stands, as Slack names it. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}
