import type { Destination } from '../slack/index.js';
import type { Source } from './sources.js';
import type { ReadDestination } from './validate/routes.js';
import { OptionError } from './validate/scalars.js';

/** The fields that a route's destination takes from the top level when it lacks them. */
export interface DestinationDefaults {
  readonly token: string | undefined;
  readonly apiUrl: string;
}

/** The destination of the records that no route takes. */
export interface DefaultDestination {
  readonly destination: Destination | undefined;
  /** Whether it is set in code. */
  readonly isFromCode: boolean;
  readonly warnings: readonly string[];
}

const DEFAULT_API_URL = 'https://slack.com/api/';

/** Returns the token and the Web API's URL for routes and fallbacks that name none. */
export function findDefaults(sources: readonly Source[]): DestinationDefaults {
  return { token: first(sources, 'token'), apiUrl: first(sources, 'apiUrl') ?? DEFAULT_API_URL };
}

/** Completes a destination with the defaults. Returns `undefined` for a channel without a token. */
export function toDestination(read: ReadDestination, defaults: DestinationDefaults): Destination | undefined {
  if (read.webhookUrl !== undefined) return webhook(read.webhookUrl);
  const { token = defaults.token, channel, apiUrl = defaults.apiUrl } = read;
  return token === undefined || channel === undefined ? undefined : { kind: 'channel', token, channel, apiUrl };
}

/**
 * Returns the destination at the top level. The source with the highest precedence that has a destination wins: a
 * webhook in code is not mixed with a token of the environment. Only a token and its channel may come from different
 * sources.
 *
 * @param sources - in order of precedence: code first
 * @param isTokenShared - whether a token at the top level without a channel is used, by routes or a fallback
 */
export function findDefaultDestination(sources: readonly Source[], isTokenShared: boolean): DefaultDestination {
  const code = sources[0]?.read ?? {};
  const excludesWebhooks = code.channel !== undefined || (code.token !== undefined && !isTokenShared);
  for (const [index, { kind, read }] of sources.entries()) {
    const sourcesUpToHere = sources.slice(0, index + 1);
    const channelDestination = channelDestinationOf(sourcesUpToHere, findDefaults(sources));
    if (channelDestination)
      return { destination: channelDestination, isFromCode: kind === 'code', warnings: ambiguity(sources) };
    if (read.webhookUrl === undefined || (kind !== 'code' && excludesWebhooks)) continue;
    const warnings = incomplete(sourcesUpToHere, isTokenShared);
    return { destination: webhook(read.webhookUrl), isFromCode: kind === 'code', warnings };
  }
  if (code.token !== undefined && !isTokenShared)
    throw new OptionError('channel', 'expected the channel to post to with the token, got none');
  return { destination: undefined, isFromCode: false, warnings: incomplete(sources, isTokenShared) };
}

function channelDestinationOf(sources: readonly Source[], { apiUrl }: DestinationDefaults): Destination | undefined {
  const token = first(sources, 'token');
  const channel = first(sources, 'channel');
  return token === undefined || channel === undefined ? undefined : { kind: 'channel', token, channel, apiUrl };
}

function first(sources: readonly Source[], name: keyof ReadDestination): string | undefined {
  return sources.find(({ read }) => read[name] !== undefined)?.read[name];
}

function webhook(url: string): Destination {
  return { kind: 'webhook', url };
}

function ambiguity(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ kind, read }) => kind === 'environment' && read.webhookUrl !== undefined)
    .map(({ nameOf }) => `${nameOf('webhookUrl')} is ignored, because a token and a channel are set`);
}

function incomplete(sources: readonly Source[], isTokenShared: boolean): readonly string[] {
  return sources.flatMap(({ kind, read: { token, channel }, nameOf }) => {
    // Without routes nothing is sent, and another warning reports that.
    if (kind === 'code' && !isTokenShared) return [];
    if (token !== undefined && channel === undefined && !isTokenShared)
      return [`${nameOf('token')} is ignored, because ${nameOf('channel')} is not set`];
    if (channel !== undefined && token === undefined)
      return [`${nameOf('channel')} is ignored, because ${nameOf('token')} is not set`];
    return [];
  });
}
