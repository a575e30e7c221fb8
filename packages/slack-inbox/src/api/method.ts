import type { Reply } from '../http/index.js';
import type { InboxMessage, JsonObject } from '../model/index.js';
import type { Channel, InboxState } from '../state/index.js';

/** What a method is handed once token, scope, arguments, channel and rates are in order. */
export interface MethodCall {
  readonly state: InboxState;
  readonly args: JsonObject;
  readonly bytes: number;
}

/** A method that acts on a channel. */
export interface ChannelCall extends MethodCall {
  readonly channel: Channel;
}

/** A method that acts on a message of the channel. */
export interface MessageCall extends ChannelCall {
  readonly message: InboxMessage;
}

/** Slack's three names for the argument that says which message. */
type MessageArgument = 'ts' | 'timestamp' | 'message_ts';

/** How a method is guarded, and what it does. */
export type Method = {
  /** The scope it needs. @default none */
  readonly scope?: string;
  /** Arguments that must be there and not empty. */
  readonly required?: readonly string[];
  /** The method posts and shares the channel's rate with the webhooks. */
  readonly posts?: boolean;
} & (
  | { readonly on: 'message'; readonly messageFrom: MessageArgument; readonly run: (call: MessageCall) => Reply }
  | { readonly on: 'channel'; readonly run: (call: ChannelCall) => Reply }
  /** Slack takes the channel's name here, and nowhere else. */
  | { readonly on: 'channelOrName'; readonly run: (call: ChannelCall) => Reply }
  | { readonly on?: never; readonly run: (call: MethodCall) => Reply }
);

/** Slack says problems twice: bare in `errors`, marked in `response_metadata.messages`. */
export function problems(list: readonly string[]): JsonObject {
  return { errors: list, response_metadata: { messages: list.map((each) => `[ERROR] ${each}`) } };
}
