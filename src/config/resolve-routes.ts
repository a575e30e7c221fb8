import { SEVERITY_BANDS } from '../record/index.js';
import { type Destination, destinationId } from '../slack/index.js';
import { type DefaultDestination, type DestinationDefaults, toDestination } from './resolve-destinations.js';
import type { DestinationSettings, Match, Route } from './settings.js';
import type { ReadDestination, ReadRoute, ReadRouting } from './validate/routes.js';
import { OptionError, pathTo } from './validate/scalars.js';

/** The input of {@link resolveRouting}. */
export interface RoutingParts {
  readonly read: ReadRouting;
  /** The option of the top level. */
  readonly minSeverity: number;
  readonly defaultDestination: DefaultDestination;
  readonly defaults: DestinationDefaults;
  /** Returns the name of an option in its source: a variable's name or a path in the file. */
  readonly nameOf: (path: string) => string;
  /**
   * Whether the destination at the top level is adapted, with a warning, when it conflicts with a route. Used when it
   * comes from outside of the code: then it must not make options in code fail.
   */
  readonly isDefaultAdapted: boolean;
}

/** The result of {@link resolveRouting}. */
export interface Routing {
  readonly routes: readonly Route[];
  readonly warnings: readonly string[];
}

/**
 * Returns all routes in order, completed with the options of the top level. The last route is the destination at the
 * top level.
 * @throws {OptionError} when options conflict with each other
 */
export function resolveRouting(parts: RoutingParts): Routing {
  const resolver = new Resolver(parts);
  const routes = [...resolver.ownRoutes(), ...resolver.lastRoute()];
  return { routes: Object.freeze(routes), warnings: resolver.warnings() };
}

/** The options that a route inherits from the top level. */
const INHERITED = ['mention', 'quietHours', 'fallback'] as const;
type Inherited = (typeof INHERITED)[number];

/** The settings of a destination, and the path of the route that made them. */
interface Entry {
  readonly path: string;
  readonly target: DestinationSettings;
  readonly inherits: readonly Inherited[];
}

class Resolver {
  readonly #parts: RoutingParts;
  readonly #entries = new Map<string, Entry>();
  readonly #withoutToken = new Set<string>();
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
    return [Object.freeze({ matches: undefined, minSeverity, continues: false, target })];
  }

  warnings(): readonly string[] {
    if (this.#withoutToken.size === 0) return this.#warnings;
    const paths = [...this.#withoutToken].map((path) => this.#parts.nameOf(path));
    return [...this.#warnings, `${paths.join(', ')}: ignored, because there is no token; ${SET_TOKEN}`];
  }

  #ownRoute(route: ReadRoute, path: string): readonly Route[] {
    const destination = toDestination(route, this.#parts.defaults);
    if (destination === undefined) {
      this.#withoutToken.add(path);
      return [];
    }
    const { minSeverity = this.#parts.minSeverity, match = 'everything' } = route;
    const matches = match === 'everything' ? undefined : match;
    if (!canMatch(matches, minSeverity)) this.#warnOfUnreachable(path);
    const target = this.#agreed(this.#entry(destination, route, path));
    return [Object.freeze({ matches, minSeverity, continues: route.continue ?? false, target })];
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

  /** A route whose destination is the fallback of the top level has no fallback. A fallback of its own must differ. */
  #fallback(destination: Destination, own: ReadRoute, path: string): Destination | undefined {
    const inherited = this.#toFallback(this.#parts.read.fallback, 'fallback');
    if (own.fallback === undefined)
      return inherited && isSameDestination(inherited, destination) ? undefined : inherited;
    const fallback = this.#toFallback(own.fallback, pathTo(path, 'fallback'));
    if (fallback && isSameDestination(fallback, destination))
      throw new OptionError(pathTo(path, 'fallback'), NO_FALLBACK);
    return fallback;
  }

  #toFallback(read: ReadDestination | false | undefined, path: string): Destination | undefined {
    if (!read) return undefined;
    const fallback = toDestination(read, this.#parts.defaults);
    if (fallback === undefined) this.#withoutToken.add(path);
    return fallback;
  }

  /** Returns the settings of an entry's destination, which all routes to it share. */
  #agreed(entry: Entry): DestinationSettings {
    const { target, path, inherits } = entry;
    const earlier = this.#entries.get(destinationId(target.destination));
    if (earlier === undefined) {
      this.#entries.set(destinationId(target.destination), entry);
      return target;
    }
    const conflicting = findConflict(earlier.target, target);
    if (conflicting === undefined) return earlier.target;
    const isInherited = inherits.includes(conflicting) || earlier.inherits.includes(conflicting);
    throw conflict(path, conflicting, earlier.path, isInherited ? [conflicting] : []);
  }

  #defaultTarget(destination: Destination): DestinationSettings {
    const { read, isDefaultAdapted } = this.#parts;
    const { target } = this.#entry(destination, {}, '');
    if (read.fallback && target.fallback === undefined && !this.#withoutToken.has('fallback')) {
      if (!isDefaultAdapted) throw new OptionError('fallback', NO_FALLBACK);
      this.#warnings.push(`fallback: ${NO_FALLBACK}; that destination has no fallback`);
    }
    const earlier = this.#entries.get(destinationId(destination));
    const conflicting = earlier && findConflict(earlier.target, target);
    if (earlier === undefined || conflicting === undefined) return earlier?.target ?? target;
    const error = conflict(earlier.path, conflicting, 'the top level', [conflicting]);
    if (!isDefaultAdapted) throw error;
    this.#warnings.push(`${error.problem}; the option of the route is used`);
    return earlier.target;
  }

  #warnOfUnreachable(path: string): void {
    const name = this.#parts.nameOf(pathTo(pathTo(path, 'match'), 'severity'));
    this.#warnings.push(
      `${name}: all of them are below minSeverity, so the route gets no records; set a minSeverity for the route`,
    );
  }
}

const SET_TOKEN = 'set OTEL_EXPORTER_SLACK_TOKEN, or token in code';
const NO_FALLBACK = 'expected another destination than the one that it replaces, got the same';

function conflict(path: string, name: Inherited, other: string, others: readonly string[]): OptionError {
  return new OptionError(
    pathTo(path, name),
    `expected the same value as ${other}, which has the same destination, got another value`,
    others,
  );
}

function canMatch(matches: Match | undefined, minSeverity: number): boolean {
  const { severity } = matches ?? {};
  if (severity === undefined) return true;
  // A band has four severity numbers.
  return SEVERITY_BANDS.some(({ name, from }) => severity.has(name) && from + 3 >= minSeverity);
}

function isSameDestination(one: Destination, other: Destination): boolean {
  return destinationId(one) === destinationId(other);
}

function findConflict(one: DestinationSettings, other: DestinationSettings): Inherited | undefined {
  return INHERITED.find((name) => comparableText(one, name) !== comparableText(other, name));
}

/** Returns an inherited option as a text that can be compared. */
function comparableText({ mention, quietHours, fallback }: DestinationSettings, name: Inherited): string | undefined {
  if (name === 'fallback') return fallback && destinationId(fallback);
  if (name === 'mention') return mention && JSON.stringify([mention.markup, [...mention.on].toSorted()]);
  return quietHours && JSON.stringify([quietHours.timeZone, quietHours.fromMinutes, quietHours.toMinutes]);
}
