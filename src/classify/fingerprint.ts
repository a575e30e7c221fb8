import { hash } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import { SAMPLE_LIMITS } from '../record/limits.js';
import type { ReadableLogRecord } from '../record/otel.js';
import type { ExceptionView, RecordView } from '../record/read-record.js';
import { severityBand } from '../record/severity.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import { errorClassOf, ignoreRejection } from '../util/user-callback.js';
import { copyOf, stackPlaces, titleEnd } from './stack-fingerprint.js';
import { messageTemplate } from './template/template.js';

/** What an app says is one problem may be named at such length; what is longer is cut. */
const LONGEST_NAME = 500;

/**
 * A string that is equal for records of the same problem: in every process, on every host and after every deploy. It is
 * made of the record alone. Who speaks belongs to it (service, environment, scope, severity band); where and when it runs
 * does not (host, pod, process, version, line numbers).
 */
export function fingerprint(view: RecordView): string {
  const { resource } = view;
  // `join` makes one new string, where a template would hold on to the app's strings that it is made of.
  return [
    severityBand(view.severityNumber).name,
    bounded(resource.serviceName),
    bounded(resource.environment),
    bounded(view.scopeName),
    problemOf(view),
  ].join('\u0000');
}

/** Names a record's problem, by a text that tells nothing of the record. The returned function never throws. */
export type Fingerprint = (record: ReadableLogRecord, view: RecordView) => string;

/** The standard, or the user's own where there is one and it works. */
export function createFingerprint(settings: Settings, diagnostics: Diagnostics): Fingerprint {
  const name = createName(settings, diagnostics);
  const digests = new Map<string, string>();
  return (record, view) => {
    const text = name(record, view);
    const known = digests.get(text);
    if (known !== undefined) return known;
    if (digests.size >= MOST_DIGESTS) digests.clear();
    const digest = digestOf(text);
    digests.set(text, digest);
    return digest;
  };
}

/** Digests that are remembered: to look one up takes half as long as to make it. */
const MOST_DIGESTS = 100;

/** Of 128 bits: a fingerprint is made of the app's words, and its group is kept for as long as its problem lasts. */
function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

function createName({ fingerprint: custom }: Settings, diagnostics: Diagnostics): Fingerprint {
  if (custom === undefined) return (_record, view) => fingerprint(view);
  return (record, view) => {
    const standard = fingerprint(view);
    try {
      const named: unknown = custom(record, standard);
      if (typeof named === 'string' && named !== '') return bounded(named);
      diagnostics.failed(
        'fingerprint',
        `fingerprint returned ${typeof ignoreRejection(named)}, expected a text; the standard holds`,
      );
    } catch (error) {
      diagnostics.failed(
        'fingerprint',
        `fingerprint threw ${errorClassOf(error)}; the standard holds. Mend the fingerprint option`,
      );
    }
    return standard;
  };
}

/** The first that is there: the app's own word, the event, the place in the code, the words. */
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
  return text === undefined ? '' : text.slice(0, LONGEST_NAME);
}

/** The frames of a stack that was read lately, as a copy that keeps nothing of the app's in memory. */
interface Remembered {
  readonly frames: string;
  readonly places: string;
}

/**
 * An error that repeats has the same frames to the letter, whatever values its message has. Each stack has one slot, so
 * the memory is bounded: so many stacks, each of at most {@link SAMPLE_LIMITS.stackText} characters.
 */
const SLOTS = 256;
const remembered: (Remembered | undefined)[] = new Array(SLOTS).fill(undefined);
/** The sum of the stack that last asked for each slot: most stacks come once and are not worth a copy. */
const lastSums = new Int32Array(SLOTS);

/** {@link stackPlaces}, remembered from the second time on. */
function placesOf(stack: string): string {
  if (stack.length > SAMPLE_LIMITS.stackText) return stackPlaces(stack);
  const from = titleEnd(stack);
  const sum = sumOf(stack, from);
  const slot = sum & (SLOTS - 1);
  const known = remembered[slot];
  const frames = stack.slice(from);
  if (known?.frames === frames) return known.places;
  const places = stackPlaces(frames);
  if (lastSums[slot] === sum) remembered[slot] = { frames: copyOf(frames), places };
  lastSums[slot] = sum;
  return places;
}

/** The function of the first frame tells most stacks apart, so all of its characters count, and a few of the others. */
const FIRST_CHARACTERS = 40;
const OTHER_CHARACTERS = 16;

/** A sum of the length and some characters: to hash all of a stack costs as much as to read it. */
function sumOf(stack: string, from: number): number {
  const firstEnd = Math.min(stack.length, from + FIRST_CHARACTERS);
  const step = Math.ceil((stack.length - firstEnd) / OTHER_CHARACTERS);
  let sum = stack.length - from;
  for (let at = from; at < firstEnd; at++) sum = (sum * 31 + stack.charCodeAt(at)) | 0;
  for (let at = firstEnd; at < stack.length; at += step) sum = (sum * 31 + stack.charCodeAt(at)) | 0;
  return sum ^ (sum >>> 8);
}
