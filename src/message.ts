import type { KnownBlock, MessageAttachment } from '@slack/types';

/** What is posted: the fields of Slack's `chat.postMessage` and of webhooks that decide how a message looks. */
export interface SlackMessage {
  /** The push notification, what a screen reader says, and all that is sent when Slack refuses the blocks. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** Blocks inside an attachment get the coloured bar. */
  readonly attachments?: readonly MessageAttachment[];
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

/** What became of one request. */
export type Outcome =
  | { readonly kind: 'sent'; readonly ts?: string }
  /** It did not arrive. `rateLimitedMillis` is Slack's own word on when to come again; without it, back off. */
  | { readonly kind: 'retry'; readonly reason: string; readonly rateLimitedMillis?: number }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Slack will not take it: because of what it says, because of where it goes, or for a reason we do not know. */
  | { readonly kind: 'refused'; readonly reason: string; readonly because: 'payload' | 'destination' | 'unclear' };

/** Why a record will never be shown. A closed list. */
export const DROP_REASONS = [
  'queue_full',
  'rejected',
  'expired',
  'shutdown',
  'silenced',
  'spool_damaged',
  'unconfirmed',
] as const;

/** See {@link DROP_REASONS}. */
export type DropReason = (typeof DROP_REASONS)[number];
