import { disarmed, nameOf } from './callback.js';
import type { Diagnostics } from './diagnostics.js';
import { stackPlaces } from './frames.js';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableLogRecord } from './otel.js';
import type { ExceptionView, RecordView } from './record.js';
import type { Settings } from './settings.js';
import { severityBand } from './severity.js';
import { messageTemplate } from './template.js';

/** What an app says is one problem may be named at such length; what is longer is cut. */
const LONGEST_NAME = 500;

/**
 * A string that is equal for records of the same problem: in every process, on every host and after every deploy. It is
 * made of the record alone. Who speaks belongs to it (service, environment, scope, severity band); where and when it runs
 * does not (host, pod, process, version, line numbers).
 */
export function fingerprint(view: RecordView): string {
  const { resource } = view;
  const speaker = [severityBand(view.severityNumber).name, resource.serviceName, resource.environment, view.scopeName];
  return [...speaker.map(bounded), problemOf(view)].join('\u0000');
}

/** Names a record's problem. The returned function never throws. */
export type Fingerprint = (record: ReadableLogRecord, view: RecordView) => string;

/** The standard, or the user's own where there is one and it works. */
export function createFingerprint({ fingerprint: custom }: Settings, diagnostics: Diagnostics): Fingerprint {
  if (custom === undefined) return (_record, view) => fingerprint(view);
  return (record, view) => {
    const standard = fingerprint(view);
    try {
      const named: unknown = custom(record, standard);
      if (typeof named === 'string' && named !== '') return bounded(named);
      diagnostics.warn(
        'fingerprint',
        `fingerprint returned ${typeof disarmed(named)}, expected a text; the standard holds`,
      );
    } catch (error) {
      diagnostics.warn(
        'fingerprint',
        `fingerprint threw ${nameOf(error)}; the standard holds. Mend the fingerprint option`,
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

/** Stacks that were read lately: an error that repeats has the same stack to the letter. */
const MOST_REMEMBERED = 256;
const remembered = new Map<string, { readonly stack: string; readonly places: string }>();

/** {@link stackPlaces}, remembered: by length and beginning, because hashing all of a fresh stack costs as much as reading it. */
function placesOf(stack: string): string {
  if (stack.length > SAMPLE_LIMITS.stackText) return stackPlaces(stack);
  const key = `${stack.length} ${stack.slice(0, 60)}`;
  const known = remembered.get(key);
  if (known?.stack === stack) return known.places;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const places = stackPlaces(stack);
  remembered.set(key, { stack, places });
  return places;
}
