import type { Reply } from '../http/index.js';
import type { InboxMessage, JsonObject } from '../model/index.js';
import type { Channel, InboxState } from '../state/index.js';

/** The parameters of a method. Token, scope, required arguments, channel and rates are already checked. */
export interface MethodCall {
  readonly state: InboxState;
  readonly args: JsonObject;
  readonly bytes: number;
}

/** The parameters of a method that acts on a channel. */
export interface ChannelCall extends MethodCall {
  readonly channel: Channel;
}

/** The parameters of a method that acts on a message of the channel. */
export interface MessageCall extends ChannelCall {
  readonly message: InboxMessage;
}

/** Slack's three names for the argument with the `ts` of the message. */
type MessageArgument = 'ts' | 'timestamp' | 'message_ts';

/** A method of the Web API, and the checks before it runs. */
export type Method = {
  /** The scope that the token needs. @default none */
  readonly scope?: string;
  /** Arguments that must not be missing or empty. */
  readonly required?: readonly string[];
  /** The method posts a message, and so counts against the rate of its channel. */
  readonly posts?: boolean;
} & (
  | { readonly on: 'message'; readonly messageFrom: MessageArgument; readonly run: (call: MessageCall) => Reply }
  | { readonly on: 'channel'; readonly run: (call: ChannelCall) => Reply }
  /** chat.postMessage accepts the name of a channel; the other methods accept only the id. */
  | { readonly on: 'channelOrName'; readonly run: (call: ChannelCall) => Reply }
  | { readonly on?: never; readonly run: (call: MethodCall) => Reply }
);

/** Slack lists problems twice: in `errors`, and with a prefix in `response_metadata.messages`. */
export function problems(list: readonly string[]): JsonObject {
  return { errors: list, response_metadata: { messages: list.map((each) => `[ERROR] ${each}`) } };
}
