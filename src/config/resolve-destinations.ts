import type { Destination } from '../slack/types.js';
import type { Source } from './sources.js';
import type { ReadDestination } from './validate/routes.js';
import { OptionError } from './validate/scalars.js';

/** What a destination lacks that it may take from the top level. */
export interface DestinationDefaults {
  readonly token: string | undefined;
  readonly apiUrl: string;
}

/** Where everything goes that no route takes. */
export interface DefaultDestination {
  readonly destination: Destination | undefined;
  /** All of it stands in code. */
  readonly isOfCode: boolean;
  readonly warnings: readonly string[];
}

const DEFAULT_API_URL = 'https://slack.com/api/';

/** The token and the API that routes and fallbacks take when they name none. */
export function findDefaults(sources: readonly Source[]): DestinationDefaults {
  return { token: first(sources, 'token'), apiUrl: first(sources, 'apiUrl') ?? DEFAULT_API_URL };
}

/** A destination, complete; none when it is a channel and there is no token for it. */
export function toDestination(read: ReadDestination, defaults: DestinationDefaults): Destination | undefined {
  if (read.webhookUrl !== undefined) return webhook(read.webhookUrl);
  const { token = defaults.token, channel, apiUrl = defaults.apiUrl } = read;
  return token === undefined || channel === undefined ? undefined : { kind: 'channel', token, channel, apiUrl };
}

/**
 * The destination at the top level. That of the source with the most say wins whole: a webhook in code is not mixed with a
 * token of the environment. Only a token and its channel may stand apart.
 *
 * @param sources - the one with the most say first, which is code
 * @param isTokenShared - a token at the top level without a channel has its use: routes or a fallback take it
 */
export function findDefaultDestination(sources: readonly Source[], isTokenShared: boolean): DefaultDestination {
  const code = sources[0]?.read ?? {};
  const blocksWebhooks = code.channel !== undefined || (code.token !== undefined && !isTokenShared);
  for (const [index, { kind, read }] of sources.entries()) {
    const upToHere = sources.slice(0, index + 1);
    const found = channelOf(upToHere, findDefaults(sources));
    if (found) return { destination: found, isOfCode: kind === 'code', warnings: ambiguity(sources) };
    if (read.webhookUrl === undefined || (kind !== 'code' && blocksWebhooks)) continue;
    const warnings = incomplete(upToHere, isTokenShared);
    return { destination: webhook(read.webhookUrl), isOfCode: kind === 'code', warnings };
  }
  if (code.token !== undefined && !isTokenShared)
    throw new OptionError('channel', 'expected the channel to post to with the token, got none');
  return { destination: undefined, isOfCode: false, warnings: incomplete(sources, isTokenShared) };
}

function channelOf(sources: readonly Source[], { apiUrl }: DestinationDefaults): Destination | undefined {
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
    // Without routes nothing will be sent at all, and that is said anyway.
    if (kind === 'code' && !isTokenShared) return [];
    if (token !== undefined && channel === undefined && !isTokenShared)
      return [`${nameOf('token')} is ignored, because ${nameOf('channel')} is not set`];
    if (channel !== undefined && token === undefined)
      return [`${nameOf('channel')} is ignored, because ${nameOf('token')} is not set`];
    return [];
  });
}
