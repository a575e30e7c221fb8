import type { Reply } from './reply.js';
import type { InboxState } from './state.js';
import type { Channel } from './store.js';
import type { JsonObject } from './types.js';

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

/** How a method is guarded, and what it does. */
export type Method = {
  /** The scope it needs. @default none */
  readonly scope?: string;
  /** Arguments that must be there and not empty. */
  readonly required?: readonly string[];
  /** The method posts and shares the channel's rate with the webhooks. */
  readonly posts?: boolean;
} & (
  | { readonly channelFrom: 'id' | 'idOrName'; readonly run: (call: ChannelCall) => Reply }
  | { readonly channelFrom?: never; readonly run: (call: MethodCall) => Reply }
);

/** Slack says problems twice: bare in `errors`, marked in `response_metadata.messages`. */
export function problems(list: readonly string[]): JsonObject {
  return { errors: list, response_metadata: { messages: list.map((each) => `[ERROR] ${each}`) } };
}
