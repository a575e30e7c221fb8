import { createHash } from 'node:crypto';
import type { Settings } from '../../../../src/config/index.js';
import {
  type ChannelDestination,
  type Destination,
  destinationId,
  destinationLabel,
  type WebhookDestination,
} from '../../../../src/slack/index.js';

/** A destination of the settings, and its uses. */
export interface UsedDestination<D extends Destination = Destination> {
  readonly destination: D;
  /** Holds no secret. */
  readonly label: string;
  /** `everything`, `route 1`, `fallback` */
  readonly uses: readonly string[];
}

/** A token with all channels that use it. */
export interface UsedToken {
  readonly token: string;
  readonly apiUrl: string;
  /** Distinguishes tokens without revealing them. */
  readonly label: string;
  readonly channels: readonly UsedDestination<ChannelDestination>[];
}

/** All destinations, each once: those of the routes in order, the one at the top level, the fallbacks. */
export function listDestinations({ routes }: Settings): readonly UsedDestination[] {
  const found = new Map<string, { destination: Destination; uses: string[] }>();
  const add = (destination: Destination, use: string): void => {
    const key = destinationId(destination);
    const known = found.get(key);
    if (known === undefined) found.set(key, { destination, uses: [use] });
    else if (!known.uses.includes(use)) known.uses.push(use);
  };
  for (const [index, { matches, target }] of routes.entries()) {
    const isTopLevel = index === routes.length - 1 && matches === undefined;
    add(target.destination, isTopLevel ? topLevelUse(routes.length) : `route ${index + 1}`);
  }
  for (const { target } of routes) if (target.fallback) add(target.fallback, 'fallback');
  return [...found.values()].map((used) => ({ ...used, label: destinationLabel(used.destination) }));
}

function topLevelUse(routeCount: number): string {
  return routeCount > 1 ? 'records that no route takes' : 'everything';
}

/** Groups the channels by their token. */
export function groupByToken(destinations: readonly UsedDestination[]): readonly UsedToken[] {
  const tokens = new Map<string, UsedToken & { channels: UsedDestination<ChannelDestination>[] }>();
  for (const used of destinations) {
    const { destination } = used;
    if (destination.kind !== 'channel') continue;
    const { token, apiUrl } = destination;
    const key = `${apiUrl} ${token}`;
    const known = tokens.get(key) ?? { token, apiUrl, label: tokenLabel(token), channels: [] };
    known.channels.push({ ...used, destination });
    tokens.set(key, known);
  }
  return [...tokens.values()];
}

/** The destinations that are webhooks. */
export function webhooksIn(destinations: readonly UsedDestination[]): readonly UsedDestination<WebhookDestination>[] {
  return destinations.flatMap((used) =>
    used.destination.kind === 'webhook' ? [{ ...used, destination: used.destination }] : [],
  );
}

/** `token xoxb-… (1f83a0)`: the kind of the token, and the first digits of its hash. */
function tokenLabel(token: string): string {
  const kind = /^(xox[a-z](?:\.xox[a-z])?)-/i.exec(token)?.[1] ?? 'xox';
  return `token ${kind}-… (${createHash('sha256').update(token).digest('hex').slice(0, 6)})`;
}
