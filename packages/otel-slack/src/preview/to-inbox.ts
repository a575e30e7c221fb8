import { type Inbox, type InboxChannel, startInbox } from 'slack-inbox';
import type { Settings } from '../../../../src/config/index.js';
import {
  type Connect,
  connectToSlack,
  type Destination,
  destinationLabel,
  type Outcome,
  type SlackRequest,
} from '../../../../src/slack/index.js';
import type { SimulatedClock } from './clock.js';

/** An inbox that receives the messages at the times of the records. */
export interface InboxTarget {
  readonly inbox: Inbox;
  /** Sends each request to the simulated Slack and to the inbox, so that both have the same messages. */
  connect(simulated: Connect): Connect;
}

/** Options of {@link startTarget}. */
export interface TargetOptions {
  readonly port: number;
  readonly settings: Settings;
  readonly clock: SimulatedClock;
}

/** Starts an inbox with a channel for each destination. Rejects as `startInbox` does. */
export async function startTarget({ port, settings, clock }: TargetOptions): Promise<InboxTarget> {
  const destinations = settings.routes.flatMap(({ target: { destination, fallback } }) =>
    fallback ? [destination, fallback] : [destination],
  );
  const channels = new Map(destinations.map((destination) => [destinationLabel(destination), destination]));
  const labelled = [...channels].map(([label], index) => channelOf(label, index));
  const inbox = await startInbox({ port, channels: labelled.map(({ channel }) => channel), rateLimit: false, clock });
  const channelIds = new Map(labelled.map(({ label, channel }) => [label, channel.id]));
  return { inbox, connect: (simulated) => createConnect(inbox, channelIds, clock, simulated) };
}

function createConnect(
  inbox: Inbox,
  channelIds: ReadonlyMap<string, string>,
  clock: SimulatedClock,
  simulated: Connect,
): Connect {
  return (destination, options) => {
    const simulation = simulated(destination, options);
    // Always with the inbox's token: a webhook of the inbox would post to one channel only.
    const channel = channelIds.get(destinationLabel(destination)) ?? inbox.channel;
    const target: Destination = { kind: 'channel', token: inbox.token, channel, apiUrl: inbox.apiUrl };
    const real = connectToSlack(target, options);
    const sendToBoth = async (request: SlackRequest, signal: AbortSignal): Promise<Outcome> => {
      await simulation.ask(request, signal);
      const outcome = await real.ask(request, signal);
      return destination.kind === 'webhook' && outcome.kind === 'sent' ? { kind: 'sent' } : outcome;
    };
    return {
      ask: (request, signal) => clock.holdFor(sendToBoth(request, signal)),
      close: () => real.close(),
    };
  };
}

/** The channel of the inbox for a destination: the same id or name; a webhook gets a channel of its own. */
function channelOf(label: string, index: number): { readonly label: string; readonly channel: InboxChannel } {
  const isId = /^[A-Z0-9]{3,40}$/.test(label);
  const id = isId ? label : `C0PREVIEW${String(index + 1).padStart(2, '0')}`;
  return { label, channel: { id, name: isId ? label.toLowerCase() : label.replace(/^#/, '').replaceAll(' ', '-') } };
}
