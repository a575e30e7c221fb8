import type { Outcome, SlackMessage, SlackRequest } from '../../src/slack/types.js';
import type { Clock } from '../../src/util/clock.js';

/** The current state of a message in a {@link SimulatedChannel}. */
export interface ChannelMessage {
  readonly ts: string;
  readonly postedAtMillis: number;
  readonly threadTs: string | undefined;
  readonly isBroadcast: boolean;
  message: SlackMessage;
  edits: number;
  readonly reactions: Set<string>;
}

/** A request to the channel. */
export interface ChannelRequest {
  readonly atMillis: number;
  readonly request: SlackRequest;
}

/** A channel without a network, on the clock of the test, so that a day of alerts passes in a second. */
export interface SimulatedChannel {
  readonly messages: readonly ChannelMessage[];
  readonly requests: readonly ChannelRequest[];
  /** Outcomes to return instead of the real ones, in order. */
  readonly answers: Outcome[];
  readonly ask: (request: SlackRequest) => Promise<Outcome>;
  /** Returns the messages that are not replies. */
  top(): readonly ChannelMessage[];
  remove(ts: string): void;
}

/** Creates a {@link SimulatedChannel}. `scopes`: the scopes of the token. */
export function simulatedChannel(clock: Clock, scopes?: readonly string[]): SimulatedChannel {
  const messages: ChannelMessage[] = [];
  const requests: ChannelRequest[] = [];
  const answers: Outcome[] = [];
  const granted = scopes && { scopes };
  const find = (ts: string): ChannelMessage | undefined => messages.find((message) => message.ts === ts);
  const gone: Outcome = { kind: 'refused', reason: 'message_not_found', because: 'message' };

  function post({ message, thread }: Extract<SlackRequest, { act: 'post' }>): Outcome {
    const ts = `${1_000 + messages.length}.0001`;
    messages.push({
      ts,
      postedAtMillis: clock.monotonic(),
      threadTs: thread?.ts,
      isBroadcast: thread?.isBroadcast === true,
      message,
      edits: 0,
      reactions: new Set(),
    });
    return { kind: 'sent', ref: { channel: 'C0ALERTS', ts }, ...granted };
  }

  function honest(request: SlackRequest): Outcome {
    if (request.act === 'post') return post(request);
    const found = find(request.ref.ts);
    if (found === undefined) return gone;
    if (request.act === 'reactions') return { kind: 'sent', reactions: new Set(found.reactions), ...granted };
    found.message = { ...found.message, ...request.message };
    found.edits++;
    return { kind: 'sent', ref: request.ref, ...granted };
  }

  return {
    messages,
    requests,
    answers,
    async ask(request) {
      requests.push({ atMillis: clock.monotonic(), request });
      return answers.shift() ?? honest(request);
    },
    top: () => messages.filter(({ threadTs }) => threadTs === undefined),
    remove(ts) {
      messages.splice(
        messages.findIndex((message) => message.ts === ts),
        1,
      );
    },
  };
}
