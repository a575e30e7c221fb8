import { stackPlaces } from '../classify/stack-fingerprint.js';
import { messageTemplate } from '../classify/template/template.js';
import type { RecordView } from '../record/read-record.js';
import { type Sample, toSample } from '../record/sample.js';
import { copyOfStart } from '../record/stringify.js';
import type { Redactor } from '../redact/redactor.js';

/**
 * What is new inside a group: another message, another stack, another version of the service. Values in a message
 * (`user 4711`) and lines in a stack make no variant, or every record would be one.
 */
export class Variants {
  readonly #known = new Set<string>();
  readonly #redactor: Redactor;
  #last: Glance;
  #minute = Number.NaN;
  #looksLeft = 0;

  constructor(first: Sample, redactor: Redactor) {
    this.#redactor = redactor;
    this.#known.add(variantOf(first));
    this.#last = glanceAt(first);
  }

  /** The record as a sample when it is of a variant that was not seen yet. */
  findNew(view: RecordView, nowMillis: number): Sample | undefined {
    if (this.#known.size > MOST_VARIANTS || looksLike(view, this.#last) || !this.#mayLook(nowMillis)) return undefined;
    this.#last = glanceAt(view);
    const sample = toSample(view, this.#redactor);
    const variant = variantOf(sample);
    if (this.#known.has(variant)) return undefined;
    this.#known.add(variant);
    return sample;
  }

  /** Looking costs as much as grouping does; a storm of texts that all differ a little must not pay it for each. */
  #mayLook(nowMillis: number): boolean {
    const minute = Math.floor(nowMillis / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#looksLeft = LOOKS_A_MINUTE;
    }
    return this.#looksLeft-- > 0;
  }
}

const MOST_VARIANTS = 20;
const LOOKS_A_MINUTE = 30;
/** So much of a message tells at a glance whether it is the same as the last one. */
const GLANCE = 200;

/** What of a record is compared with the next one: cheap, and holding on to nothing of the app's. */
interface Glance {
  readonly message: string;
  readonly exceptionMessage: string;
  /** Not the stack itself: another length is reason enough to look closer. */
  readonly stackLength: number;
  readonly version: string | undefined;
}

function glanceAt({ message, exception, resource }: RecordView | Sample): Glance {
  return {
    message: copyOfStart(message, GLANCE),
    exceptionMessage: copyOfStart(exception?.message ?? '', GLANCE),
    stackLength: exception?.stack?.length ?? 0,
    version: resource.serviceVersion,
  };
}

function looksLike({ message, exception, resource }: RecordView, last: Glance): boolean {
  return (
    message.slice(0, GLANCE) === last.message &&
    (exception?.message ?? '').slice(0, GLANCE) === last.exceptionMessage &&
    (exception?.stack?.length ?? 0) === last.stackLength &&
    resource.serviceVersion === last.version
  );
}

function variantOf({ message, exception, resource }: Sample): string {
  const places = exception?.stack === undefined ? '' : stackPlaces(exception.stack);
  const text = messageTemplate(exception?.message ?? message);
  return [exception?.type ?? '', text, places, resource.serviceVersion ?? ''].join('\u0000');
}
