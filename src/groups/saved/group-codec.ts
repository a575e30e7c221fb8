import type { ResourceView, Sample, SampleException } from '../../record/index.js';
import type { Group } from '../group.js';

/** Records of one group as the spool stores them. All fields are JSON values. */
export interface SavedGroup {
  readonly kind: 'problem' | 'rest';
  readonly fingerprint: string;
  /**
   * The id of the group while no message was posted about it. A request may be unanswered when the process ends, so the
   * next process must post the same id. Undefined later, and in entries of earlier versions.
   */
  readonly id?: string | undefined;
  readonly records: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** Redacted and truncated. */
  readonly sample: Sample;
  /** The sample holds only what a headline needs. Another entry has the complete sample. */
  readonly isBrief: boolean;
}

/** The length of the texts in a brief sample, in characters. */
const BRIEF_TEXT_LENGTH = 200;

/** Encodes records of a group as a JSON value. */
export function encodeGroup(
  { kind, fingerprint, id, postCount, sample }: Pick<Group, 'kind' | 'fingerprint' | 'id' | 'postCount' | 'sample'>,
  about: Omit<SavedGroup, 'kind' | 'fingerprint' | 'id' | 'sample'>,
): object {
  const saved = about.isBrief ? briefSampleOf(sample) : sample;
  return {
    kind,
    fingerprint,
    ...(postCount === 0 && { id }),
    ...about,
    sample: { ...saved, attributes: [...saved.attributes] },
  };
}

function briefSampleOf(sample: Sample): Sample {
  const message = sample.message.slice(0, BRIEF_TEXT_LENGTH);
  const { exception } = sample;
  return {
    ...sample,
    message,
    missingMessage: sample.missingMessage + sample.message.length - message.length,
    exception: exception && {
      ...exception,
      message: exception.message?.slice(0, BRIEF_TEXT_LENGTH),
      missingMessage: exception.missingMessage + Math.max(0, (exception.message?.length ?? 0) - BRIEF_TEXT_LENGTH),
      stack: undefined,
      missingStackLines: 0,
    },
    attributes: new Map(),
  };
}

/** Decodes an entry of the spool, which any version of this package may have written. Returns undefined when it is invalid. */
export function decodeGroup(value: unknown): SavedGroup | undefined {
  const { kind, fingerprint, records, firstSeenMillis, lastSeenMillis, isBrief, ...given } = fieldsOf(value);
  const sample = readSample(given.sample);
  if ((kind !== 'problem' && kind !== 'rest') || typeof fingerprint !== 'string' || sample === undefined)
    return undefined;
  if (!isCount(records) || !isTime(firstSeenMillis) || !isTime(lastSeenMillis)) return undefined;
  return {
    ...{ kind, fingerprint, records, firstSeenMillis, lastSeenMillis, sample, isBrief: isBrief === true },
    ...(isId(given.id) && { id: given.id }),
  };
}

function readSample(value: unknown): Sample | undefined {
  const { severityNumber, timeMillis, message, missingMessage, attributes, ...given } = fieldsOf(value);
  if (typeof severityNumber !== 'number' || !(severityNumber >= 0 && severityNumber <= 24)) return undefined;
  if (typeof message !== 'string' || !isTime(timeMillis) || !Array.isArray(attributes)) return undefined;
  return {
    severityNumber,
    severityText: textOr(given.severityText),
    timeMillis,
    eventName: textOr(given.eventName),
    exception: given.exception === undefined ? undefined : readException(fieldsOf(given.exception)),
    message,
    missingMessage: numberOr(missingMessage),
    bodyShape: textOr(given.bodyShape),
    attributes: new Map(attributes.filter(isEntry)),
    givenFingerprint: textOr(given.givenFingerprint),
    resource: readResourceView(fieldsOf(given.resource)),
    scopeName: textOr(given.scopeName) ?? '',
    scopeVersion: textOr(given.scopeVersion),
    traceId: textOr(given.traceId),
    spanId: textOr(given.spanId),
  };
}

function readException({ type, message, stack, missingMessage, missingStackLines }: Fields): SampleException {
  return {
    type: textOr(type),
    message: textOr(message),
    stack: textOr(stack),
    missingMessage: numberOr(missingMessage),
    missingStackLines: numberOr(missingStackLines),
  };
}

function readResourceView(given: Fields): ResourceView {
  return {
    serviceName: textOr(given.serviceName),
    serviceNamespace: textOr(given.serviceNamespace),
    serviceVersion: textOr(given.serviceVersion),
    serviceInstanceId: textOr(given.serviceInstanceId),
    environment: textOr(given.environment),
    host: textOr(given.host),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOr(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** An id is shown in messages, so nothing else may stand in its place. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,40}$/.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Whether a value is a time that a `Date` can represent. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function isEntry(value: unknown): value is [string, string] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}
