import { createHash } from 'node:crypto';
import type { Destination } from './types.js';

/**
 * The one definition of "the same destination": a webhook's URL; for a channel the Web API, the token and the channel.
 * The id is a hash, because it stands where no secret may: on the disk, on `globalThis`, in metrics.
 */
export function destinationId(destination: Destination): string {
  if (destination.kind === 'webhook') return hashOf('webhook', destination.url);
  const { apiUrl, token, channel } = destination;
  return hashOf('channel', apiUrl, token, channel);
}

/** The id of what a rate limit holds for: a webhook, or a method of the Web API with one token. */
export function rateLimitScopeId(destination: Destination, method: string): string {
  if (destination.kind === 'webhook') return destinationId(destination);
  return hashOf('method', destination.apiUrl, destination.token, method);
}

/** Names a destination for people. Two destinations may share a label; it holds no secret. */
export function destinationLabel(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel;
  const mark = createHash('sha256').update(destination.url).digest('hex').slice(0, 6);
  return `webhook ${urlOf(destination).host} ${mark}`;
}

/** Where the requests to a destination go. */
export function urlOf(destination: Destination): URL {
  return new URL(destination.kind === 'channel' ? destination.apiUrl : destination.url);
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
}
