import { knownError } from '../../../../src/slack/errors.js';
import type { ChannelDestination } from '../../../../src/slack/types.js';
import type { Answer, Asker } from './api.js';
import type { TokenPlaces } from './destinations.js';
import { remedyOf } from './remedies.js';
import { type Step, type Steps, stepsAbout } from './step.js';
import { lookUp, type Scopes } from './token.js';

/** Whether messages may be posted to a channel: that it is there, not archived, and the app is in it. */
export async function checkChannel(
  { destination, label }: TokenPlaces['places'][number],
  { asker, scopes, appName }: ChannelParts,
): Promise<Step> {
  const steps = stepsAbout(label);
  const found = destination.channel.startsWith('#')
    ? await findByName(destination, asker, scopes)
    : await findById(destination, asker);
  const invite = `/invite @${appName}`;
  if ('error' in found) return failedStep(found, { channel: destination.channel, invite, steps });
  return channelStep(found.channel, { scopes, invite, steps });
}

/** What looking at a channel takes. */
export interface ChannelParts {
  readonly asker: Asker;
  readonly scopes: Scopes;
  /** How people in Slack call the app. */
  readonly appName: string;
}

/** What is said of a channel, and how. */
interface Saying {
  readonly invite: string;
  readonly steps: Steps;
}

/** What Slack says of a channel. */
type Channel = Readonly<Record<string, unknown>>;
type Found = { readonly channel: Channel } | { readonly error: string; readonly isNetwork?: boolean };

async function findById({ apiUrl, token, channel }: ChannelDestination, asker: Asker): Promise<Found> {
  const answer = await asker.ask(`${apiUrl}conversations.info`, { channel }, token);
  if ('code' in answer) return { error: answer.code, isNetwork: true };
  return answer.ok ? { channel: objectOf(answer.fields.channel) } : { error: answer.error };
}

/** A workspace with more channels than that has to give the id. */
const MOST_PAGES = 20;

/** Slack takes a name for posting and nothing else: it has to be looked for among all of them. */
async function findByName(destination: ChannelDestination, asker: Asker, scopes: Scopes): Promise<Found> {
  const { apiUrl, token, channel } = destination;
  const kinds = [
    ['channels:read', 'public_channel'],
    ['groups:read', 'private_channel'],
  ].filter(([scope = '']) => scopes?.has(scope));
  if (kinds.length === 0) return { error: 'missing_scope' };
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page++) {
    const fields = { types: kinds.map(([, type]) => type).join(','), limit: '1000', ...(cursor && { cursor }) };
    const answer = await asker.ask(`${apiUrl}conversations.list`, fields, token);
    if ('code' in answer) return { error: answer.code, isNetwork: true };
    if (!answer.ok) return { error: answer.error };
    const found = channelsIn(answer).find(({ name }) => `#${String(name)}` === channel);
    if (found !== undefined) return { channel: found };
    cursor = String(objectOf(answer.fields.response_metadata).next_cursor ?? '');
    if (cursor === '') return { error: kinds.length === 2 ? 'channel_not_found' : 'not_among_those_seen' };
  }
  return { error: 'not_among_those_seen' };
}

function failedStep(
  { error, isNetwork }: Extract<Found, { error: string }>,
  { channel, invite, steps }: Saying & { readonly channel: string },
): Step {
  if (isNetwork) return steps.problem('channel', `got no answer: ${error}`, remedyOf(error));
  const isName = channel.startsWith('#');
  if (error === 'missing_scope') {
    const why = `not looked up: that takes channels:read (groups:read for a private one), which posting does not`;
    return steps.skipped('channel', why, 'otel-slack doctor --send tries it');
  }
  if (error === 'not_among_those_seen') {
    const why = 'not among the channels that the token sees; a private one is not seen without groups:read';
    return steps.skipped('channel', why, 'check the name, or give the id (C…); otel-slack doctor --send tries it');
  }
  if (error === 'channel_not_found') {
    const remedy = isName
      ? `check the name; in a private channel the app must be a member: ${invite}`
      : `check the id, and that it is of this workspace; in a private channel the app must be a member: ${invite}`;
    return steps.problem('channel', `there is no channel ${channel} that the app can see`, remedy);
  }
  return steps.problem('channel', error, knownError(error)?.remedy ?? lookUp(error));
}

function channelStep(channel: Channel, { scopes, invite, steps }: Saying & { readonly scopes: Scopes }): Step {
  const name = `#${String(channel.name ?? '?').slice(0, 80)} (${String(channel.id ?? '?').slice(0, 40)})`;
  if (channel.is_archived === true) {
    return steps.problem('channel', `${name} is archived`, knownError('is_archived')?.remedy ?? '');
  }
  if (channel.is_member === true) return steps.ok('channel', `${name}, the app is a member`);
  if (scopes?.has('chat:write.public') && channel.is_private !== true) {
    return steps.ok('channel', `${name}, not a member, but chat:write.public lets it post`);
  }
  return steps.problem('channel', `not in ${name}`, `in that channel: ${invite}`);
}

function channelsIn({ fields }: Answer): readonly Channel[] {
  return Array.isArray(fields.channels) ? fields.channels.map(objectOf) : [];
}

function objectOf(value: unknown): Channel {
  return typeof value === 'object' && value !== null ? (value as Channel) : {};
}
