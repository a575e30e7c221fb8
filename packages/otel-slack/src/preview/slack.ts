import type { Connect } from '../../../../src/slack/client.js';
import { destinationLabel } from '../../../../src/slack/destination-id.js';
import type { Outcome, SlackMessage, SlackRequest } from '../../../../src/slack/types.js';
import type { Clock } from '../../../../src/util/clock.js';

/** A message as it stands in the channel. */
export interface ShownMessage {
  /** The destination's name. */
  readonly place: string;
  readonly ts: string;
  readonly postedAtMillis: number;
  /** The message in whose thread it is. */
  readonly parent: ShownMessage | undefined;
  readonly isInThread: boolean;
  message: SlackMessage;
  edits: number;
  editedAtMillis: number | undefined;
}

/** How often something was done at one destination. */
export interface PlaceCounts {
  messages: number;
  edits: number;
  replies: number;
  /** Messages and replies that call somebody. */
  mentions: number;
}

/** What has become of the records, message by message. */
export interface Showing {
  /** A message or a reply was posted, or a message was changed. */
  shown?(act: 'posted' | 'edited', shown: ShownMessage): void;
  /** So many messages are remembered that the oldest has to go; it stands as it stands. */
  forgotten?(shown: ShownMessage): void;
}

/** A Slack without a network, that takes everything. */
export interface SimulatedSlack {
  readonly connect: Connect;
  readonly counts: ReadonlyMap<string, PlaceCounts>;
  /** Those that are remembered, oldest first. */
  messages(): readonly ShownMessage[];
}

/** So many messages are kept, each with a few kilobytes. */
export const MOST_MESSAGES = 2_000;

/** It may post and change; reactions nobody would give here, so they are not to be looked for. */
const SCOPES: readonly string[] = ['chat:write'];

/** Markup that calls people. In what comes from records it is escaped. */
const MENTION = /<(?:!here|!channel|!everyone|!subteam\^|@[UW])/;

/** Makes a {@link SimulatedSlack}. */
export function createSimulatedSlack(clock: Clock, { shown, forgotten }: Showing): SimulatedSlack {
  const all = new Map<string, ShownMessage>();
  const counts = new Map<string, PlaceCounts>();
  let posted = 0;

  function remember(message: ShownMessage): void {
    all.set(message.ts, message);
    if (all.size <= MOST_MESSAGES) return;
    const [oldest] = all.values();
    if (oldest === undefined) return;
    all.delete(oldest.ts);
    forgotten?.(oldest);
  }

  function post(place: string, { message, thread }: Extract<SlackRequest, { act: 'post' }>): Outcome {
    const ts = `${++posted}.000000`;
    const count = countsOf(counts, place);
    if (thread === undefined) count.messages++;
    else count.replies++;
    if (MENTION.test(JSON.stringify(message))) count.mentions++;
    const made: ShownMessage = {
      ...{ place, ts, message, postedAtMillis: clock.now(), edits: 0, editedAtMillis: undefined },
      parent: thread && all.get(thread.ts),
      isInThread: thread !== undefined,
    };
    remember(made);
    shown?.('posted', made);
    return { kind: 'sent', ref: { channel: place, ts }, scopes: SCOPES };
  }

  function update(place: string, { message, ref }: Extract<SlackRequest, { act: 'update' }>): Outcome {
    countsOf(counts, place).edits++;
    const found = all.get(ref.ts);
    if (found !== undefined) {
      // As chat.update does: attachments that are left out are kept.
      found.message = { ...(message.attachments ? {} : found.message), ...message };
      found.edits++;
      found.editedAtMillis = clock.now();
      shown?.('edited', found);
    }
    return { kind: 'sent', ref, scopes: SCOPES };
  }

  return {
    counts,
    messages: () => [...all.values()],
    connect(destination) {
      const place = destinationLabel(destination);
      const isWebhook = destination.kind === 'webhook';
      return {
        async ask(request) {
          if (request.act === 'reactions') return { kind: 'sent', reactions: new Set() };
          const outcome = request.act === 'post' ? post(place, request) : update(place, request);
          // A webhook does not say where its messages stand.
          return isWebhook ? { kind: 'sent' } : outcome;
        },
        close: async () => {},
      };
    },
  };
}

function countsOf(counts: Map<string, PlaceCounts>, place: string): PlaceCounts {
  const known = counts.get(place);
  if (known !== undefined) return known;
  const made = { messages: 0, edits: 0, replies: 0, mentions: 0 };
  counts.set(place, made);
  return made;
}
