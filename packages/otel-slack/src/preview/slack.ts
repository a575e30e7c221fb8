import {
  type Connect,
  destinationLabel,
  type Outcome,
  type SlackMessage,
  type SlackRequest,
} from '../../../../src/slack/index.js';
import type { Clock } from '../../../../src/util/index.js';

/** A message as it looks in the channel. */
export interface ChannelMessage {
  /** The label of the destination. */
  readonly destination: string;
  readonly ts: string;
  readonly postedAtMillis: number;
  /** The message above the thread; undefined outside a thread, and for one that is no longer kept. */
  readonly parent: ChannelMessage | undefined;
  readonly isInThread: boolean;
  message: SlackMessage;
  edits: number;
  editedAtMillis: number | undefined;
}

/** Counts of one destination. */
export interface MessageCounts {
  messages: number;
  edits: number;
  replies: number;
  /** Messages and replies that mention somebody. */
  mentions: number;
}

/** Is told of each change in the channels. */
export interface MessageListener {
  /** A message or reply was posted, or a message was edited. */
  onChange?(change: 'posted' | 'edited', message: ChannelMessage): void;
  /** The oldest message is no longer kept, because there are too many. */
  onEvict?(message: ChannelMessage): void;
}

/** A Slack without a network that accepts every request. */
export interface SimulatedSlack {
  readonly connect: Connect;
  readonly counts: ReadonlyMap<string, MessageCounts>;
  /** The messages that are kept, oldest first. */
  messages(): readonly ChannelMessage[];
}

/** A message takes a few kilobytes. */
export const MAX_MESSAGES = 2_000;

/** Without `reactions:read`, so that the exporter does not ask for reactions: nobody reacts here. */
const SCOPES: readonly string[] = ['chat:write'];

/** Slack's markup of a mention. Text from records is escaped and cannot contain it. */
const MENTION = /<(?:!here|!channel|!everyone|!subteam\^|@[UW])/;

/** Creates a {@link SimulatedSlack}. */
export function createSimulatedSlack(clock: Clock, { onChange, onEvict }: MessageListener): SimulatedSlack {
  const all = new Map<string, ChannelMessage>();
  const counts = new Map<string, MessageCounts>();
  let posted = 0;

  function keep(message: ChannelMessage): void {
    all.set(message.ts, message);
    if (all.size <= MAX_MESSAGES) return;
    const [oldest] = all.values();
    if (oldest === undefined) return;
    all.delete(oldest.ts);
    onEvict?.(oldest);
  }

  function post(destination: string, { message, thread }: Extract<SlackRequest, { act: 'post' }>): Outcome {
    const ts = `${++posted}.000000`;
    const count = countsOf(counts, destination);
    if (thread === undefined) count.messages++;
    else count.replies++;
    if (MENTION.test(JSON.stringify(message))) count.mentions++;
    const created: ChannelMessage = {
      ...{ destination, ts, message, postedAtMillis: clock.now(), edits: 0, editedAtMillis: undefined },
      parent: thread && all.get(thread.ts),
      isInThread: thread !== undefined,
    };
    keep(created);
    onChange?.('posted', created);
    return { kind: 'sent', ref: { channel: destination, ts }, scopes: SCOPES };
  }

  function update(destination: string, { message, ref }: Extract<SlackRequest, { act: 'update' }>): Outcome {
    countsOf(counts, destination).edits++;
    const found = all.get(ref.ts);
    if (found !== undefined) {
      // chat.update keeps attachments that the request leaves out.
      found.message = { ...(message.attachments ? {} : found.message), ...message };
      found.edits++;
      found.editedAtMillis = clock.now();
      onChange?.('edited', found);
    }
    return { kind: 'sent', ref, scopes: SCOPES };
  }

  return {
    counts,
    messages: () => [...all.values()],
    connect(destination) {
      const label = destinationLabel(destination);
      const isWebhook = destination.kind === 'webhook';
      return {
        async ask(request) {
          if (request.act === 'reactions') return { kind: 'sent', reactions: new Set() };
          const outcome = request.act === 'post' ? post(label, request) : update(label, request);
          // A webhook returns no timestamp of the message.
          return isWebhook ? { kind: 'sent' } : outcome;
        },
        close: async () => {},
      };
    },
  };
}

function countsOf(counts: Map<string, MessageCounts>, destination: string): MessageCounts {
  const known = counts.get(destination);
  if (known !== undefined) return known;
  const created = { messages: 0, edits: 0, replies: 0, mentions: 0 };
  counts.set(destination, created);
  return created;
}
