import { SEVERITY_BANDS } from '../record/severity.js';
import type { Destination } from '../slack/types.js';
import { type DestinationDefaults, type Place, toDestination } from './resolve-destinations.js';
import type { LineSettings, Match, Route } from './settings.js';
import type { ReadDestination, ReadRoute, ReadRouting } from './validate/routes.js';
import { OptionError, pathTo } from './validate/scalars.js';

/** What routes are made of. */
export interface RoutingParts {
  readonly read: ReadRouting;
  /** That of the top level. */
  readonly minSeverity: number;
  readonly place: Place;
  readonly defaults: DestinationDefaults;
  /** What an option is called where it stands. */
  readonly nameOf: (path: string) => string;
  /**
   * Where the destination at the top level does not go together with the rest, it gives way. For one that comes from
   * outside of the code: it must not break what the code says.
   */
  readonly placeGivesWay: boolean;
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

/** A line, and where in the options it stands. */
interface Entry {
  readonly path: string;
  readonly line: LineSettings;
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
    const { place, minSeverity } = this.#parts;
    if (place.destination === undefined) return [];
    const line = this.#lastLine(place.destination);
    return [Object.freeze({ matches: undefined, minSeverity, goesOn: false, line })];
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
    const line = this.#agreed(this.#entry(destination, route, path));
    return [Object.freeze({ matches, minSeverity, goesOn: route.continue ?? false, line })];
  }

  #entry(destination: Destination, own: ReadRoute, path: string): Entry {
    const { read } = this.#parts;
    const { mention = read.mention, quietHours = read.quietHours } = own;
    const line = Object.freeze({
      destination,
      fallback: this.#fallback(destination, own, path),
      mention: mention || undefined,
      quietHours: quietHours || undefined,
    });
    return { path, line, inherits: INHERITED.filter((name) => own[name] === undefined) };
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

  /** The one line of that destination. */
  #agreed(entry: Entry): LineSettings {
    const { line, path, inherits } = entry;
    const earlier = this.#entries.get(keyOf(line.destination));
    if (earlier === undefined) {
      this.#entries.set(keyOf(line.destination), entry);
      return line;
    }
    const differing = differenceOf(earlier.line, line);
    if (differing === undefined) return earlier.line;
    const isInherited = inherits.includes(differing) || earlier.inherits.includes(differing);
    throw disagreement(path, differing, earlier.path, isInherited ? [differing] : []);
  }

  #lastLine(destination: Destination): LineSettings {
    const { read, placeGivesWay } = this.#parts;
    const { line } = this.#entry(destination, {}, '');
    if (read.fallback && line.fallback === undefined && !this.#tokenless.has('fallback')) {
      if (!placeGivesWay) throw new OptionError('fallback', NO_FALLBACK);
      this.#warnings.push(`fallback: ${NO_FALLBACK}; there is none for that destination`);
    }
    const earlier = this.#entries.get(keyOf(destination));
    const differing = earlier && differenceOf(earlier.line, line);
    if (earlier === undefined || differing === undefined) return earlier?.line ?? line;
    const error = disagreement(earlier.path, differing, 'the top level', [differing]);
    if (!placeGivesWay) throw error;
    this.#warnings.push(`${error.problem}; that of the route holds`);
    return earlier.line;
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

function keyOf(destination: Destination): string {
  const { kind } = destination;
  if (kind === 'webhook') return JSON.stringify([kind, destination.url]);
  return JSON.stringify([kind, destination.apiUrl, destination.token, destination.channel]);
}

function isSame(one: Destination, other: Destination): boolean {
  return keyOf(one) === keyOf(other);
}

function differenceOf(one: LineSettings, other: LineSettings): Inherited | undefined {
  return INHERITED.find((name) => written(one, name) !== written(other, name));
}

/** What holds for a line, as a text that can be compared. */
function written({ mention, quietHours, fallback }: LineSettings, name: Inherited): string | undefined {
  if (name === 'fallback') return fallback && keyOf(fallback);
  if (name === 'mention') return mention && JSON.stringify([mention.markup, [...mention.on].toSorted()]);
  return quietHours && JSON.stringify([quietHours.timeZone, quietHours.fromMinutes, quietHours.toMinutes]);
}
