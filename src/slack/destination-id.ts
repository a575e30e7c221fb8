import { createHash } from 'node:crypto';
import type { Destination } from './types.js';

/**
 * Returns the identity of a destination: of a webhook its URL; of a channel the Web API's URL, the token and the
 * channel. The id is a hash, because it is used where no secret may appear: on disk, on `globalThis` and in metrics.
 */
export function destinationId(destination: Destination): string {
  if (destination.kind === 'webhook') return hashOf('webhook', destination.url);
  const { apiUrl, token, channel } = destination;
  return hashOf('channel', apiUrl, token, channel);
}

/** Returns the id of the scope of a rate limit: a webhook, or a method of the Web API with one token. */
export function rateLimitScopeId(destination: Destination, method: string): string {
  if (destination.kind === 'webhook') return destinationId(destination);
  return hashOf('method', destination.apiUrl, destination.token, method);
}

/** Returns the name of a destination for people. It holds no secret. Two destinations may have the same label. */
export function destinationLabel(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel;
  const shortHash = createHash('sha256').update(destination.url).digest('hex').slice(0, 6);
  return `webhook ${urlOf(destination).host} ${shortHash}`;
}

/** Returns the URL of the requests to a destination. */
export function urlOf(destination: Destination): URL {
  return new URL(destination.kind === 'channel' ? destination.apiUrl : destination.url);
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
}
