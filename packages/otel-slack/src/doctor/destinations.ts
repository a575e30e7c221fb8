import { createHash } from 'node:crypto';
import type { Settings } from '../../../../src/config/settings.js';
import { destinationId, destinationLabel } from '../../../../src/slack/destination-id.js';
import type { ChannelDestination, Destination, WebhookDestination } from '../../../../src/slack/types.js';

/** Where messages go, each place once, and why. */
export interface Place {
  readonly destination: Destination;
  /** Holds no secret. */
  readonly label: string;
  /** `everything`, `route 1`, `fallback` */
  readonly roles: readonly string[];
}

/** A token, and the channels that it is for. */
export interface TokenPlaces {
  readonly token: string;
  readonly apiUrl: string;
  /** Tells tokens apart, and gives none away. */
  readonly label: string;
  readonly places: readonly (Place & { readonly destination: ChannelDestination })[];
}

/** All places of the settings: routes in their order, what no route takes, the fallbacks. */
export function placesOf({ routes }: Settings): readonly Place[] {
  const found = new Map<string, { destination: Destination; roles: string[] }>();
  const add = (destination: Destination, role: string): void => {
    const key = destinationId(destination);
    const known = found.get(key);
    if (known === undefined) found.set(key, { destination, roles: [role] });
    else if (!known.roles.includes(role)) known.roles.push(role);
  };
  for (const [index, { matches, target }] of routes.entries()) {
    const isLast = index === routes.length - 1 && matches === undefined;
    add(target.destination, isLast ? (routes.length > 1 ? 'what no route takes' : 'everything') : `route ${index + 1}`);
  }
  for (const { target } of routes) if (target.fallback) add(target.fallback, 'fallback');
  return [...found.values()].map((place) => ({ ...place, label: destinationLabel(place.destination) }));
}

/** By token. */
export function tokensOf(places: readonly Place[]): readonly TokenPlaces[] {
  const tokens = new Map<string, TokenPlaces & { places: TokenPlaces['places'][number][] }>();
  for (const place of places) {
    const { destination } = place;
    if (destination.kind !== 'channel') continue;
    const { token, apiUrl } = destination;
    const key = `${apiUrl} ${token}`;
    const known = tokens.get(key) ?? { token, apiUrl, label: tokenLabel(token), places: [] };
    known.places.push({ ...place, destination });
    tokens.set(key, known);
  }
  return [...tokens.values()];
}

/** Those that are webhooks. */
export function webhooksOf(
  places: readonly Place[],
): readonly (Place & { readonly destination: WebhookDestination })[] {
  return places.flatMap((place) =>
    place.destination.kind === 'webhook' ? [{ ...place, destination: place.destination }] : [],
  );
}

/** `token xoxb-… (1f83a0)`: its kind, and the beginning of its hash. */
function tokenLabel(token: string): string {
  const kind = /^(xox[a-z](?:\.xox[a-z])?)-/i.exec(token)?.[1] ?? 'xox';
  return `token ${kind}-… (${createHash('sha256').update(token).digest('hex').slice(0, 6)})`;
}
