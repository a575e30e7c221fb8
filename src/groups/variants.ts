import { messageTemplate, stackPlaces } from '../classify/index.js';
import { copyOfStart, type RecordView, type Sample, toSample } from '../record/index.js';
import type { Redactor } from '../redact/index.js';

/**
 * Finds records of a group that differ in message, stack, exception type or service version. Values in a message
 * (`user 4711`) and line numbers in a stack make no difference: otherwise every record would be a variant.
 */
export class Variants {
  readonly #known = new Set<string>();
  readonly #redactor: Redactor;
  #last: Summary;
  #minute = Number.NaN;
  #comparisonsLeft = 0;

  constructor(first: Sample, redactor: Redactor) {
    this.#redactor = redactor;
    this.#known.add(variantOf(first));
    this.#last = summaryOf(first);
  }

  /** Returns the sample of the record if it is a new variant; otherwise undefined. */
  findNew(view: RecordView, nowMillis: number): Sample | undefined {
    if (this.#known.size > MAX_VARIANTS || hasSummary(view, this.#last) || !this.#mayCompare(nowMillis))
      return undefined;
    this.#last = summaryOf(view);
    const sample = toSample(view, this.#redactor);
    const variant = variantOf(sample);
    if (this.#known.has(variant)) return undefined;
    this.#known.add(variant);
    return sample;
  }

  /** Limits full comparisons, because one costs as much as a fingerprint and a storm of different texts would need many. */
  #mayCompare(nowMillis: number): boolean {
    const minute = Math.floor(nowMillis / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#comparisonsLeft = COMPARISONS_PER_MINUTE;
    }
    return this.#comparisonsLeft-- > 0;
  }
}

const MAX_VARIANTS = 20;
const COMPARISONS_PER_MINUTE = 30;
/** The number of characters of a message that the summary compares. */
const SUMMARY_LENGTH = 200;

/** The part of a record that is compared first with the next one. It is cheap, and holds no reference to the app's objects. */
interface Summary {
  readonly message: string;
  readonly exceptionMessage: string;
  /** A different length is enough reason for a full comparison, so the stack itself is not stored. */
  readonly stackLength: number;
  readonly version: string | undefined;
}

function summaryOf({ message, exception, resource }: RecordView | Sample): Summary {
  return {
    message: copyOfStart(message, SUMMARY_LENGTH),
    exceptionMessage: copyOfStart(exception?.message ?? '', SUMMARY_LENGTH),
    stackLength: exception?.stack?.length ?? 0,
    version: resource.serviceVersion,
  };
}

function hasSummary({ message, exception, resource }: RecordView, last: Summary): boolean {
  return (
    message.slice(0, SUMMARY_LENGTH) === last.message &&
    (exception?.message ?? '').slice(0, SUMMARY_LENGTH) === last.exceptionMessage &&
    (exception?.stack?.length ?? 0) === last.stackLength &&
    resource.serviceVersion === last.version
  );
}

function variantOf({ message, exception, resource }: Sample): string {
  const places = exception?.stack === undefined ? '' : stackPlaces(exception.stack).text;
  const said = [exception?.message ?? '', message].map(messageTemplate);
  return [exception?.type ?? '', ...said, places, resource.serviceVersion ?? ''].join('\u0000');
}
