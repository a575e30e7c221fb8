import { type Inbox, type InboxChannel, startInbox } from 'slack-inbox';
import type { Settings } from '../../../../src/config/settings.js';
import { type Connect, connectToSlack } from '../../../../src/slack/client.js';
import { destinationLabel } from '../../../../src/slack/destination-id.js';
import type { Destination, Outcome, SlackRequest } from '../../../../src/slack/types.js';
import type { SimulatedClock } from './clock.js';

/** An inbox in which the messages arrive at the times of the records. */
export interface InboxTarget {
  readonly inbox: Inbox;
  /** Asks the inbox after the simulated Slack, so that both have the same messages. */
  connect(simulated: Connect): Connect;
}

/** Options of {@link startTarget}. */
export interface TargetOptions {
  readonly port: number;
  readonly settings: Settings;
  readonly clock: SimulatedClock;
}

/** Starts an inbox with the channels of the settings. Rejects as `startInbox` does. */
export async function startTarget({ port, settings, clock }: TargetOptions): Promise<InboxTarget> {
  const destinations = settings.routes.flatMap(({ target: { destination, fallback } }) =>
    fallback ? [destination, fallback] : [destination],
  );
  const channels = new Map(destinations.map((destination) => [destinationLabel(destination), destination]));
  const made = [...channels].map(([label], index) => channelOf(label, index));
  const inbox = await startInbox({ port, channels: made.map(({ channel }) => channel), rateLimit: false, clock });
  const places = new Map(made.map(({ label, channel }) => [label, channel.id]));
  return { inbox, connect: (simulated) => createConnect(inbox, places, clock, simulated) };
}

function createConnect(
  inbox: Inbox,
  places: ReadonlyMap<string, string>,
  clock: SimulatedClock,
  simulated: Connect,
): Connect {
  return (destination, options) => {
    const honest = simulated(destination, options);
    // Always with the token: it knows where its messages stand, and the channel is the inbox's own.
    const channel = places.get(destinationLabel(destination)) ?? inbox.channel;
    const target: Destination = { kind: 'channel', token: inbox.token, channel, apiUrl: inbox.apiUrl };
    const real = connectToSlack(target, options);
    const askBoth = async (request: SlackRequest, signal: AbortSignal): Promise<Outcome> => {
      await honest.ask(request, signal);
      const outcome = await real.ask(request, signal);
      return destination.kind === 'webhook' && outcome.kind === 'sent' ? { kind: 'sent' } : outcome;
    };
    return {
      ask: (request, signal) => clock.holdFor(askBoth(request, signal)),
      close: () => real.close(),
    };
  };
}

/** A channel of the inbox for a destination: its id or its name; a webhook has a channel of its own. */
function channelOf(label: string, index: number): { readonly label: string; readonly channel: InboxChannel } {
  const isId = /^[A-Z0-9]{3,40}$/.test(label);
  const id = isId ? label : `C0PREVIEW${String(index + 1).padStart(2, '0')}`;
  return { label, channel: { id, name: isId ? label.toLowerCase() : label.replace(/^#/, '').replaceAll(' ', '-') } };
}
