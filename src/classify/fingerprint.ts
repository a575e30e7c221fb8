import { hash } from 'node:crypto';
import type { Settings } from '../config/index.js';
import {
  type ExceptionView,
  type ReadableLogRecord,
  type RecordView,
  SAMPLE_LIMITS,
  severityBand,
} from '../record/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { errorClassOf, ignoreRejection } from '../util/index.js';
import { copyOf, stackPlaces, titleEnd } from './stack-fingerprint.js';
import { messageTemplate } from './template/template.js';

/** The maximum length of a name in a fingerprint, in characters. Longer names are cut. */
const MAX_NAME_LENGTH = 500;

/**
 * Returns a string that is equal for records of the same problem: in every process, on every host and after every
 * deploy. It depends on the record alone. It contains the service, the environment, the scope and the severity band,
 * but not the host, pod, process, version and line numbers.
 */
export function fingerprint(view: RecordView): string {
  const { resource } = view;
  // `join` creates a new string. A template literal would keep the app's strings in memory as its parts.
  return [
    severityBand(view.severityNumber).name,
    bounded(resource.serviceName),
    bounded(resource.environment),
    bounded(view.scopeName),
    problemOf(view),
  ].join('\u0000');
}

/** Returns a record's fingerprint as a hash, which contains no text of the record. Never throws. */
export type Fingerprint = (record: ReadableLogRecord, view: RecordView) => string;

/** Creates the {@link Fingerprint}: the user's function if there is one and it succeeds, else the built-in one. */
export function createFingerprint(settings: Settings, diagnostics: Diagnostics): Fingerprint {
  const nameProblem = createNameProblem(settings, diagnostics);
  const digests = new Map<string, string>();
  return (record, view) => {
    const text = nameProblem(record, view);
    const cached = digests.get(text);
    if (cached !== undefined) return cached;
    if (digests.size >= MAX_CACHED_DIGESTS) digests.clear();
    const digest = digestOf(text);
    digests.set(text, digest);
    return digest;
  };
}

/** The number of cached digests. A lookup takes half the time of a hash. */
const MAX_CACHED_DIGESTS = 100;

/** Returns a hash of about 128 bits, so that the texts of an app do not stay in memory while a problem lasts. */
function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

function createNameProblem({ fingerprint: custom }: Settings, diagnostics: Diagnostics): Fingerprint {
  if (custom === undefined) return (_record, view) => fingerprint(view);
  return (record, view) => {
    const standard = fingerprint(view);
    try {
      const returned: unknown = custom(record, standard);
      if (typeof returned === 'string' && returned !== '') return bounded(returned);
      diagnostics.failed(
        'fingerprint',
        `fingerprint returned ${typeof ignoreRejection(returned)}, expected a string; the built-in fingerprint is used`,
      );
    } catch (error) {
      diagnostics.failed(
        'fingerprint',
        `fingerprint threw ${errorClassOf(error)}; the built-in fingerprint is used. Fix the fingerprint option`,
      );
    }
    return standard;
  };
}

/**
 * Describes the problem by the first of these that is present: the app's own fingerprint, the event, the stack, the
 * message.
 */
function problemOf(view: RecordView): string {
  if (view.givenFingerprint !== undefined) return `given ${bounded(view.givenFingerprint)}`;
  if (view.eventName !== undefined) return `event ${bounded(view.eventName)}`;
  if (view.exception !== undefined) return exceptionProblem(view.exception, view.message);
  if (view.bodyShape !== undefined) return `body ${view.bodyShape} ${messageTemplate(view.message)}`;
  return `body ${messageTemplate(view.message)}`;
}

function exceptionProblem({ type = '', message, stack }: ExceptionView, body: string): string {
  const places = stack === undefined ? '' : placesOf(stack);
  if (places !== '') return `stack ${bounded(type)}\n${places}`;
  return `exception ${bounded(type)} ${messageTemplate(message ?? body)}`;
}

function bounded(text: string | undefined): string {
  return text === undefined ? '' : text.slice(0, MAX_NAME_LENGTH);
}

/** The frames of a stack that was read recently, as a copy, so that no string of the app stays in memory. */
interface CachedStack {
  readonly frames: string;
  readonly places: string;
}

/**
 * Repeated errors have equal frames, whatever values their messages have. Each stack has one slot of the cache, so its
 * memory is bounded: {@link SLOTS} stacks of at most {@link SAMPLE_LIMITS.stackText} characters.
 */
const SLOTS = 256;
const cachedStacks: (CachedStack | undefined)[] = new Array(SLOTS).fill(undefined);
/** The hash of the last stack of each slot. Only the second occurrence is copied, because most stacks occur once. */
const lastHashes = new Int32Array(SLOTS);

/** {@link stackPlaces}, cached from the second occurrence of a stack on. */
function placesOf(stack: string): string {
  if (stack.length > SAMPLE_LIMITS.stackText) return stackPlaces(stack);
  const from = titleEnd(stack);
  const hashValue = quickHash(stack, from);
  const slot = hashValue & (SLOTS - 1);
  const cached = cachedStacks[slot];
  const frames = stack.slice(from);
  if (cached?.frames === frames) return cached.places;
  const places = stackPlaces(frames);
  if (lastHashes[slot] === hashValue) cachedStacks[slot] = { frames: copyOf(frames), places };
  lastHashes[slot] = hashValue;
  return places;
}

/** The function of the first frame tells most stacks apart, so all of its characters count, and a few of the others. */
const FIRST_CHARACTERS = 40;
const OTHER_CHARACTERS = 16;

/** Hashes the length and some characters. Hashing a whole stack would cost as much as reading it. */
function quickHash(stack: string, from: number): number {
  const firstEnd = Math.min(stack.length, from + FIRST_CHARACTERS);
  const step = Math.ceil((stack.length - firstEnd) / OTHER_CHARACTERS);
  let hashValue = stack.length - from;
  for (let at = from; at < firstEnd; at++) hashValue = (hashValue * 31 + stack.charCodeAt(at)) | 0;
  for (let at = firstEnd; at < stack.length; at += step) hashValue = (hashValue * 31 + stack.charCodeAt(at)) | 0;
  return hashValue ^ (hashValue >>> 8);
}
