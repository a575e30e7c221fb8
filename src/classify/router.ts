import type { DestinationSettings, Match, Route, TextMatch, ValueMatch } from '../config/settings.js';
import type { RecordView } from '../record/read-record.js';
import { severityBand } from '../record/severity.js';
import { createGlob } from '../util/glob.js';

/** Where a record goes: each destination once, none when no route takes it. Never throws. */
export type Router = (view: RecordView) => readonly DestinationSettings[];

/** Makes the {@link Router} of the settings: the first route that takes a record wins, unless it lets the record go on. */
export function createRouter(routes: readonly Route[]): Router {
  const ready = routes.map((route) => ({ ...route, takes: createTakes(route) }));
  const [first] = ready;
  // The usual case makes no list for each record.
  if (first !== undefined && ready.length === 1) {
    const only = [first.target];
    return (view) => (first.takes(view) ? only : NOBODY);
  }
  return (view) => {
    const lines: DestinationSettings[] = [];
    for (const { takes, target, goesOn } of ready) {
      if (!takes(view)) continue;
      if (!lines.includes(target)) lines.push(target);
      if (!goesOn) break;
    }
    return lines;
  };
}

const NOBODY: readonly DestinationSettings[] = [];

/** Whether attributes decide where a record goes. */
export function readsAttributes(routes: readonly Route[]): boolean {
  return routes.some(({ matches }) => matches?.attributes !== undefined);
}

type Takes = (view: RecordView) => boolean;

function createTakes({ minSeverity, matches }: Route): Takes {
  const conditions = matches === undefined ? [] : conditionsOf(matches);
  return (view) => view.severityNumber >= minSeverity && conditions.every((holds) => holds(view));
}

/** The cheapest first. */
function conditionsOf({ severity, scope, service, eventName, exceptionType, attributes }: Match): readonly Takes[] {
  const conditions: Takes[] = [];
  if (severity) conditions.push((view) => severity.has(severityBand(view.severityNumber).name));
  const addText = (match: TextMatch | undefined, textOf: (view: RecordView) => string | undefined): void => {
    if (match === undefined) return;
    const holds = createTextMatch(match);
    conditions.push((view) => holds(textOf(view)));
  };
  // A scope's name is never absent, only empty.
  addText(scope, (view) => view.scopeName || undefined);
  addText(service, (view) => view.resource.serviceName);
  addText(eventName, (view) => view.eventName);
  addText(exceptionType, (view) => view.exception?.type);
  for (const [key, match] of attributes ?? []) conditions.push(attributeCondition(key, match));
  return conditions;
}

function attributeCondition(key: string, match: ValueMatch): Takes {
  if ('exists' in match) return ({ attributes }) => (readAttribute(attributes, key) !== undefined) === match.exists;
  const holds = createTextMatch(match);
  return ({ attributes }) => someOf(readAttribute(attributes, key), holds);
}

/** Of a longer text only the beginning is looked at; no option is as long. */
const LONGEST_LOOKED_AT = 1_000;
/** Of a longer array likewise. */
const MOST_LOOKED_AT = 100;

function createTextMatch({ texts, globs }: TextMatch): (text: string | undefined) => boolean {
  const stands = globs.map(createGlob);
  return (text) => {
    if (text === undefined) return false;
    const start = text.slice(0, LONGEST_LOOKED_AT);
    return texts.has(start) || stands.some((standsFor) => standsFor(start));
  };
}

/** Whether it holds of a value, or of an entry of it. Even the question whether it is an array may throw. */
function someOf(value: unknown, holds: (text: string | undefined) => boolean): boolean {
  try {
    if (!Array.isArray(value)) return holds(textOf(value));
    for (let at = 0; at < value.length && at < MOST_LOOKED_AT; at++) if (holds(textOf(value[at]))) return true;
  } catch {
    // What cannot be read is like nothing.
  }
  return false;
}

/** What an option can be compared with; maps and buffers are nothing of the kind. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** An attribute that a getter of a stranger breaks is taken for absent, as one that is null. */
function readAttribute(attributes: Readonly<Record<string, unknown>>, key: string): unknown {
  try {
    return Object.hasOwn(attributes, key) ? (attributes[key] ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
