import { type ChannelDestination, knownError } from '../../../../src/slack/index.js';
import type { UsedDestination } from './destinations.js';
import { outsideText } from './outside-text.js';
import { remedyOf } from './remedies.js';
import type { SlackApi, SlackResponse } from './slack-api.js';
import { type Step, type Steps, stepsAbout } from './step.js';
import { lookUpRemedy, type Scopes } from './token.js';

/** Checks that the app can post to a channel: the channel exists, is not archived, and the app is a member. */
export async function checkChannel(
  { destination, label }: UsedDestination<ChannelDestination>,
  { api, scopes, appName }: ChannelChecks,
): Promise<Step> {
  const steps = stepsAbout(label);
  const found = destination.channel.startsWith('#')
    ? await findByName(destination, api, scopes)
    : await findById(destination, api);
  const invite = `/invite @${appName}`;
  if ('error' in found) return notFoundStep(found, { channel: destination.channel, invite, steps });
  return channelStep(found.channel, { scopes, invite, steps });
}

/** Options of {@link checkChannel}. */
export interface ChannelChecks {
  readonly api: SlackApi;
  readonly scopes: Scopes;
  /** The app's name in Slack, for `/invite`. */
  readonly appName: string;
}

interface StepContext {
  /** The command that invites the app. */
  readonly invite: string;
  readonly steps: Steps;
}

/** A channel object of Slack's, unchecked. */
type Channel = Readonly<Record<string, unknown>>;
type LookUp = { readonly channel: Channel } | { readonly error: string; readonly isNetworkError?: boolean };

async function findById({ apiUrl, token, channel }: ChannelDestination, api: SlackApi): Promise<LookUp> {
  const response = await api.call(`${apiUrl}conversations.info`, { channel }, token);
  if ('code' in response) return { error: response.code, isNetworkError: true };
  return response.ok ? { channel: objectOf(response.fields.channel) } : { error: response.error };
}

/** The channel is not among those that the token can see; a private channel may still exist. */
const NOT_IN_LIST = 'not_in_list';

/** Pages of 1,000 channels. In a larger workspace the channel must be set by its id. */
const MAX_PAGES = 20;

/** Slack accepts a name only for posting, so the name is searched in the list of all channels. */
async function findByName(destination: ChannelDestination, api: SlackApi, scopes: Scopes): Promise<LookUp> {
  const { apiUrl, token, channel } = destination;
  const kinds = [
    ['channels:read', 'public_channel'],
    ['groups:read', 'private_channel'],
  ].filter(([scope = '']) => scopes?.has(scope));
  if (kinds.length === 0) return { error: 'missing_scope' };
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const fields = { types: kinds.map(([, type]) => type).join(','), limit: '1000', ...(cursor && { cursor }) };
    const response = await api.call(`${apiUrl}conversations.list`, fields, token);
    if ('code' in response) return { error: response.code, isNetworkError: true };
    if (!response.ok) return { error: response.error };
    const found = channelsIn(response).find(({ name }) => `#${String(name)}` === channel);
    if (found !== undefined) return { channel: found };
    cursor = String(objectOf(response.fields.response_metadata).next_cursor ?? '');
    if (cursor === '') return { error: kinds.length === 2 ? 'channel_not_found' : NOT_IN_LIST };
  }
  return { error: NOT_IN_LIST };
}

function notFoundStep(
  { error, isNetworkError }: Extract<LookUp, { error: string }>,
  { channel, invite, steps }: StepContext & { readonly channel: string },
): Step {
  if (isNetworkError) return steps.problem('channel', `no answer: ${error}`, remedyOf(error));
  const isName = channel.startsWith('#');
  if (error === 'missing_scope') {
    const reason =
      'not looked up: this needs channels:read (groups:read for a private channel), which posting does not';
    return steps.skipped('channel', reason, 'otel-slack doctor --send tries to post');
  }
  if (error === NOT_IN_LIST) {
    const reason = 'not among the channels that the token sees; a private channel needs groups:read';
    return steps.skipped(
      'channel',
      reason,
      'check the name, or set the id (C…); otel-slack doctor --send tries to post',
    );
  }
  if (error === 'channel_not_found') {
    const remedy = isName
      ? `check the name; in a private channel the app must be a member: ${invite}`
      : `check the id, and that the channel is in this workspace; in a private channel the app must be a member: ${invite}`;
    return steps.problem('channel', `the app sees no channel ${channel}`, remedy);
  }
  return steps.problem('channel', error, knownError(error)?.remedy ?? lookUpRemedy(error));
}

function channelStep(channel: Channel, { scopes, invite, steps }: StepContext & { readonly scopes: Scopes }): Step {
  const name = `#${outsideText(channel.name ?? '?', 80)} (${outsideText(channel.id ?? '?', 40)})`;
  if (channel.is_archived === true) {
    return steps.problem('channel', `${name} is archived`, knownError('is_archived')?.remedy ?? '');
  }
  if (channel.is_member === true) return steps.ok('channel', `${name}, the app is a member`);
  if (scopes?.has('chat:write.public') && channel.is_private !== true) {
    return steps.ok('channel', `${name}, the app is no member, but may post with chat:write.public`);
  }
  return steps.problem('channel', `the app is not a member of ${name}`, `in that channel: ${invite}`);
}

function channelsIn({ fields }: SlackResponse): readonly Channel[] {
  return Array.isArray(fields.channels) ? fields.channels.map(objectOf) : [];
}

function objectOf(value: unknown): Channel {
  return typeof value === 'object' && value !== null ? (value as Channel) : {};
}
