import { SEVERITY_BANDS } from '../record/severity.js';
import { destinationId } from '../slack/destination-id.js';
import type { Destination } from '../slack/types.js';
import { type DefaultDestination, type DestinationDefaults, toDestination } from './resolve-destinations.js';
import type { DestinationSettings, Match, Route } from './settings.js';
import type { ReadDestination, ReadRoute, ReadRouting } from './validate/routes.js';
import { OptionError, pathTo } from './validate/scalars.js';

/** What routes are made of. */
export interface RoutingParts {
  readonly read: ReadRouting;
  /** That of the top level. */
  readonly minSeverity: number;
  readonly defaultDestination: DefaultDestination;
  readonly defaults: DestinationDefaults;
  /** What an option is called where it stands. */
  readonly nameOf: (path: string) => string;
  /**
   * Where the destination at the top level does not go together with the rest, it gives way. For one that comes from
   * outside of the code: it must not break what the code says.
   */
  readonly defaultGivesWay: boolean;
}

/** What {@link resolveRouting} came to. */
export interface Routing {
  readonly routes: readonly Route[];
  readonly warnings: readonly string[];
}

/**
 * All routes in order, with all that they leave out, the destination at the top level last.
 * @throws {OptionError} when options that are right by themselves do not go together
 */
export function resolveRouting(parts: RoutingParts): Routing {
  const resolver = new Resolver(parts);
  const routes = [...resolver.ownRoutes(), ...resolver.lastRoute()];
  return { routes: Object.freeze(routes), warnings: resolver.warnings() };
}

/** What may be left out of a route and is then taken from the top level. */
const INHERITED = ['mention', 'quietHours', 'fallback'] as const;
type Inherited = (typeof INHERITED)[number];

/** A target, and where in the options it stands. */
interface Entry {
  readonly path: string;
  readonly target: DestinationSettings;
  readonly inherits: readonly Inherited[];
}

class Resolver {
  readonly #parts: RoutingParts;
  readonly #entries = new Map<string, Entry>();
  readonly #tokenless = new Set<string>();
  readonly #warnings: string[] = [];

  constructor(parts: RoutingParts) {
    this.#parts = parts;
  }

  ownRoutes(): readonly Route[] {
    return (this.#parts.read.routes ?? []).flatMap((route, index) => this.#ownRoute(route, pathTo('routes', index)));
  }

  lastRoute(): readonly Route[] {
    const { defaultDestination, minSeverity } = this.#parts;
    if (defaultDestination.destination === undefined) return [];
    const target = this.#defaultTarget(defaultDestination.destination);
    return [Object.freeze({ matches: undefined, minSeverity, goesOn: false, target })];
  }

  warnings(): readonly string[] {
    if (this.#tokenless.size === 0) return this.#warnings;
    const paths = [...this.#tokenless].map((path) => this.#parts.nameOf(path));
    return [...this.#warnings, `${paths.join(', ')}: ignored, because there is no token; ${SET_TOKEN}`];
  }

  #ownRoute(route: ReadRoute, path: string): readonly Route[] {
    const destination = toDestination(route, this.#parts.defaults);
    if (destination === undefined) {
      this.#tokenless.add(path);
      return [];
    }
    const { minSeverity = this.#parts.minSeverity, match = 'everything' } = route;
    const matches = match === 'everything' ? undefined : match;
    if (!canMatch(matches, minSeverity)) this.#warnOfUnreachable(path);
    const target = this.#agreed(this.#entry(destination, route, path));
    return [Object.freeze({ matches, minSeverity, goesOn: route.continue ?? false, target })];
  }

  #entry(destination: Destination, own: ReadRoute, path: string): Entry {
    const { read } = this.#parts;
    const { mention = read.mention, quietHours = read.quietHours } = own;
    const target = Object.freeze({
      destination,
      fallback: this.#fallback(destination, own, path),
      mention: mention || undefined,
      quietHours: quietHours || undefined,
    });
    return { path, target, inherits: INHERITED.filter((name) => own[name] === undefined) };
  }

  /** One for all may be the very destination of one of them: that one has none. A fallback of its own must differ. */
  #fallback(destination: Destination, own: ReadRoute, path: string): Destination | undefined {
    const inherited = this.#toFallback(this.#parts.read.fallback, 'fallback');
    if (own.fallback === undefined) return inherited && isSame(inherited, destination) ? undefined : inherited;
    const fallback = this.#toFallback(own.fallback, pathTo(path, 'fallback'));
    if (fallback && isSame(fallback, destination)) throw new OptionError(pathTo(path, 'fallback'), NO_FALLBACK);
    return fallback;
  }

  #toFallback(read: ReadDestination | false | undefined, path: string): Destination | undefined {
    if (!read) return undefined;
    const fallback = toDestination(read, this.#parts.defaults);
    if (fallback === undefined) this.#tokenless.add(path);
    return fallback;
  }

  /** The one target of that destination. */
  #agreed(entry: Entry): DestinationSettings {
    const { target, path, inherits } = entry;
    const earlier = this.#entries.get(destinationId(target.destination));
    if (earlier === undefined) {
      this.#entries.set(destinationId(target.destination), entry);
      return target;
    }
    const differing = differenceOf(earlier.target, target);
    if (differing === undefined) return earlier.target;
    const isInherited = inherits.includes(differing) || earlier.inherits.includes(differing);
    throw disagreement(path, differing, earlier.path, isInherited ? [differing] : []);
  }

  #defaultTarget(destination: Destination): DestinationSettings {
    const { read, defaultGivesWay } = this.#parts;
    const { target } = this.#entry(destination, {}, '');
    if (read.fallback && target.fallback === undefined && !this.#tokenless.has('fallback')) {
      if (!defaultGivesWay) throw new OptionError('fallback', NO_FALLBACK);
      this.#warnings.push(`fallback: ${NO_FALLBACK}; there is none for that destination`);
    }
    const earlier = this.#entries.get(destinationId(destination));
    const differing = earlier && differenceOf(earlier.target, target);
    if (earlier === undefined || differing === undefined) return earlier?.target ?? target;
    const error = disagreement(earlier.path, differing, 'the top level', [differing]);
    if (!defaultGivesWay) throw error;
    this.#warnings.push(`${error.problem}; that of the route holds`);
    return earlier.target;
  }

  #warnOfUnreachable(path: string): void {
    const name = this.#parts.nameOf(pathTo(pathTo(path, 'match'), 'severity'));
    this.#warnings.push(`${name}: all of it is below minSeverity, so the route gets nothing; give it a minSeverity`);
  }
}

const SET_TOKEN = 'set OTEL_EXPORTER_SLACK_TOKEN, or give one in code';
const NO_FALLBACK = 'expected another destination than the one for which it stands in, got the same';

function disagreement(path: string, name: Inherited, other: string, others: readonly string[]): OptionError {
  return new OptionError(
    pathTo(path, name),
    `expected what ${other} has for the same destination, got another`,
    others,
  );
}

function canMatch(matches: Match | undefined, minSeverity: number): boolean {
  const { severity } = matches ?? {};
  if (severity === undefined) return true;
  // A band is four wide.
  return SEVERITY_BANDS.some(({ name, from }) => severity.has(name) && from + 3 >= minSeverity);
}

function isSame(one: Destination, other: Destination): boolean {
  return destinationId(one) === destinationId(other);
}

function differenceOf(one: DestinationSettings, other: DestinationSettings): Inherited | undefined {
  return INHERITED.find((name) => written(one, name) !== written(other, name));
}

/** What holds for a target, as a text that can be compared. */
function written({ mention, quietHours, fallback }: DestinationSettings, name: Inherited): string | undefined {
  if (name === 'fallback') return fallback && destinationId(fallback);
  if (name === 'mention') return mention && JSON.stringify([mention.markup, [...mention.on].toSorted()]);
  return quietHours && JSON.stringify([quietHours.timeZone, quietHours.fromMinutes, quietHours.toMinutes]);
}
