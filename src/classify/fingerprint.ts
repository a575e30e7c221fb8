import { hash } from 'node:crypto';
import type { RecordFingerprint, Settings } from '../config/index.js';
import {
  type ExceptionView,
  type ReadableLogRecord,
  type RecordView,
  SAMPLE_LIMITS,
  severityBand,
} from '../record/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { errorClassOf, ignoreRejection } from '../util/index.js';
import { copyOf, RecurringTexts } from './recurring-texts.js';
import { SameException } from './same-exception.js';
import { type StackPlaces, stackPlaces, titleEnd } from './stack-fingerprint.js';
import { messageTemplate } from './template/template.js';

/** The maximum length of a name in a fingerprint, in characters. Longer names are cut. */
const MAX_NAME_LENGTH = 500;

/**
 * Returns a string that is equal for records of the same problem: in every process, on every host and after every
 * deploy. It depends on the record alone. It contains the service, the environment, the scope and the severity band,
 * but not the host, pod, process, version and line numbers.
 */
export function fingerprint(view: RecordView): string {
  return joined(sourceOf(view), problemOf(view, placesOf(view)));
}

/** `join` creates a new string. A template literal would keep the app's strings in memory as its parts. */
function joined(source: string, problem: string): string {
  return [source, problem].join('\u0000');
}

/** Returns a record's fingerprint as a hash, which contains no text of the record. Never throws. */
export type Fingerprint = (record: ReadableLogRecord, view: RecordView) => string;

/** Creates the {@link Fingerprint}: the user's function if there is one and it succeeds, else the built-in one. */
export function createFingerprint(settings: Settings, diagnostics: Diagnostics): Fingerprint {
  if (settings.fingerprint === undefined) {
    const same = new SameException();
    return (_record, view) => hashedFingerprint(view, same);
  }
  const nameProblem = createNameProblem(settings.fingerprint, diagnostics);
  return (record, view) => digests.get(nameProblem(record, view));
}

/** A lookup takes half the time of a hash. */
const digests = new RecurringTexts(128, 4_000, digestOf);

/** Returns a hash of about 128 bits, so that the texts of an app do not stay in memory while a problem lasts. */
function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** {@link fingerprint}, hashed. A stack that decides alone and occurs again needs neither the text nor the hash again. */
function hashedFingerprint(view: RecordView, same: SameException): string {
  const places = placesOf(view);
  if (places === undefined) return digests.get(joined(sourceOf(view), problemOf(view, undefined)));
  return same.fingerprintOf(view, places.text, stackDigest(view, places));
}

function stackDigest(view: RecordView, places: Places): string {
  const source = sourceOf(view);
  if (places.decisive !== 'named') return digests.get(joined(source, problemOf(view, places)));
  const type = bounded(view.exception?.type);
  if (places.source !== source || places.type !== type) {
    places.digest = digests.get(joined(source, problemOf(view, places)));
    places.source = source;
    places.type = copyOf(type);
  }
  return places.digest;
}

function createNameProblem(custom: RecordFingerprint, diagnostics: Diagnostics): Fingerprint {
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

/** The last source. An app has one resource and few scopes, so nearly every record has the source of the one before. */
let lastSource = { severity: '', service: '', environment: '', scope: '', text: '\u0000\u0000\u0000' };

/** Returns the severity band, the service, the environment and the scope; the same string for equal ones in a row. */
function sourceOf({ severityNumber, resource, scopeName }: RecordView): string {
  const severity = severityBand(severityNumber).name;
  const service = bounded(resource.serviceName);
  const environment = bounded(resource.environment);
  const scope = bounded(scopeName);
  const isLast =
    lastSource.severity === severity &&
    lastSource.service === service &&
    lastSource.environment === environment &&
    lastSource.scope === scope;
  if (!isLast) {
    const text = [severity, service, environment, scope].join('\u0000');
    lastSource = { severity, service: copyOf(service), environment: copyOf(environment), scope: copyOf(scope), text };
  }
  return lastSource.text;
}

/**
 * Describes the problem by the first of these that is present: the app's own fingerprint, the event, the stack, the
 * message. `places`: those of the stack, if the stack decides.
 */
function problemOf(view: RecordView, places: StackPlaces | undefined): string {
  if (view.givenFingerprint !== undefined) return `given ${bounded(view.givenFingerprint)}`;
  if (namesEvent(view)) return `event ${bounded(view.eventName)}`;
  if (view.exception !== undefined) return exceptionProblem(view.exception, view.message, places);
  if (view.bodyShape !== undefined) return `body ${view.bodyShape} ${messageTemplate(view.message)}`;
  return `body ${messageTemplate(view.message)}`;
}

function exceptionProblem({ type, message }: ExceptionView, body: string, places: StackPlaces | undefined): string {
  if (places === undefined) return `exception ${bounded(type)} ${messageTemplate(message ?? body)}`;
  const stack = `stack ${bounded(type)}\n${places.text}`;
  if (places.decisive === 'named') return stack;
  const said = message ?? body;
  if (places.decisive === 'unnamed') return `${stack}\n${messageTemplate(said)}`;
  return [stack, messageTemplate(said), portsIn(said), messageTemplate(body)].join('\n');
}

/** Names of events that only say that there is an exception. Source: OpenTelemetry's conventions for exceptions as logs. */
const EXCEPTION_EVENT = /(?:^|[._-])(?:exceptions?|errors?|(?:unhandled|uncaught)_?(?:exception|rejection|error))$/i;

/** Whether the name of the event says which problem it is. */
function namesEvent({ eventName, exception }: RecordView): boolean {
  return eventName !== undefined && (exception === undefined || !EXCEPTION_EVENT.test(eventName));
}

/** A host and a port that a server listens on. The ports above are those that a system gives to clients. */
const HOST_AND_PORT = /(?:\d\.\d{1,3}|[\da-f:]\]|::1|\blocalhost|[a-z][\w-]{0,62}):(\d{2,5})(?![\w:.])/gi;
const FIRST_CLIENT_PORT = 32_768;
const MAX_PORTS = 5;

/** Returns the servers' ports in a text: the same error of a cache and of a database are two problems. */
function portsIn(text: string): string {
  const found = [...text.slice(0, MAX_NAME_LENGTH).matchAll(HOST_AND_PORT)].map(([, port]) => Number(port));
  return [...new Set(found.filter((port) => port < FIRST_CLIENT_PORT))].slice(0, MAX_PORTS).join(' ');
}

/** The places of a stack, and the last digest that was made of them. */
interface Places extends StackPlaces {
  source: string | undefined;
  type: string;
  digest: string;
}

/** Repeated errors have equal frames, whatever values their messages have. */
const stacks = new RecurringTexts<Places>(256, SAMPLE_LIMITS.stackText, (frames) => {
  const { text, decisive } = stackPlaces(frames);
  // One by one, because V8 spreads an object slowly.
  return { text, decisive, source: undefined, type: '', digest: '' };
});

/** Returns the places of the record's stack, if they decide which problem it is. */
function placesOf(view: RecordView): Places | undefined {
  const stack = view.exception?.stack;
  if (stack === undefined || view.givenFingerprint !== undefined || namesEvent(view)) return undefined;
  const places = stacks.get(stack.length > SAMPLE_LIMITS.stackText ? stack : stack.slice(titleEnd(stack)));
  return places.text === '' ? undefined : places;
}

function bounded(text: string | undefined): string {
  return text === undefined ? '' : text.slice(0, MAX_NAME_LENGTH);
}
