import type { DestinationSettings, Match, Route, TextMatch, ValueMatch } from '../config/index.js';
import { type RecordView, severityBand } from '../record/index.js';
import { createGlob } from '../util/index.js';

/** Returns the destinations of a record, each once; none when no route matches. Never throws. */
export type Router = (view: RecordView) => readonly DestinationSettings[];

/**
 * Creates the {@link Router}. The first route that matches a record wins; after a route with `continue` the next match
 * counts too.
 */
export function createRouter(routes: readonly Route[]): Router {
  const compiledRoutes = routes.map((route) => ({ ...route, matchesRoute: createPredicate(route) }));
  const [first] = compiledRoutes;
  // With one route, the usual case, no list is made for each record.
  if (first !== undefined && compiledRoutes.length === 1) {
    const only = [first.target];
    return (view) => (first.matchesRoute(view) ? only : NO_DESTINATIONS);
  }
  return (view) => {
    const destinations: DestinationSettings[] = [];
    for (const { matchesRoute, target, continues } of compiledRoutes) {
      if (!matchesRoute(view)) continue;
      if (!destinations.includes(target)) destinations.push(target);
      if (!continues) break;
    }
    return destinations;
  };
}

const NO_DESTINATIONS: readonly DestinationSettings[] = [];

/** Whether any route has a condition on attributes. */
export function readsAttributes(routes: readonly Route[]): boolean {
  return routes.some(({ matches }) => matches?.attributes !== undefined);
}

type Predicate = (view: RecordView) => boolean;

function createPredicate({ minSeverity, matches }: Route): Predicate {
  const conditions = matches === undefined ? [] : conditionsOf(matches);
  return (view) => view.severityNumber >= minSeverity && conditions.every((holds) => holds(view));
}

/** Returns the conditions of a match, the cheapest first. */
function conditionsOf({ severity, scope, service, eventName, exceptionType, attributes }: Match): readonly Predicate[] {
  const conditions: Predicate[] = [];
  if (severity) conditions.push((view) => severity.has(severityBand(view.severityNumber).name));
  const addText = (match: TextMatch | undefined, textOf: (view: RecordView) => string | undefined): void => {
    if (match === undefined) return;
    const matchesText = createTextMatch(match);
    conditions.push((view) => matchesText(textOf(view)));
  };
  // A scope's name is never absent. When it is empty, it matches nothing.
  addText(scope, (view) => view.scopeName || undefined);
  addText(service, (view) => view.resource.serviceName);
  addText(eventName, (view) => view.eventName);
  addText(exceptionType, (view) => view.exception?.type);
  for (const [key, match] of attributes ?? []) conditions.push(attributeCondition(key, match));
  return conditions;
}

function attributeCondition(key: string, match: ValueMatch): Predicate {
  if ('exists' in match) return ({ attributes }) => ((attributes.own(key) ?? undefined) !== undefined) === match.exists;
  const matchesText = createTextMatch(match);
  return ({ attributes }) => someOf(attributes.own(key), matchesText);
}

/** Only the beginning of a longer text is compared. The texts in options are shorter. */
const MAX_TEXT_LENGTH = 1_000;
/** Only the first entries of a longer array are compared. */
const MAX_ENTRIES = 100;

function createTextMatch({ texts, globs }: TextMatch): (text: string | undefined) => boolean {
  const globMatchers = globs.map(createGlob);
  return (text) => {
    if (text === undefined) return false;
    const start = text.slice(0, MAX_TEXT_LENGTH);
    return texts.has(start) || globMatchers.some((matchesGlob) => matchesGlob(start));
  };
}

/** Whether a value, or an entry of an array, matches. Even `Array.isArray` throws, for a revoked proxy. */
function someOf(value: unknown, matchesText: (text: string | undefined) => boolean): boolean {
  try {
    if (!Array.isArray(value)) return matchesText(textOf(value));
    for (let at = 0; at < value.length && at < MAX_ENTRIES; at++) if (matchesText(textOf(value[at]))) return true;
  } catch {
    // An unreadable value counts as absent.
  }
  return false;
}

/** Returns a string, number or boolean as text. Other values, such as maps and buffers, match nothing. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
