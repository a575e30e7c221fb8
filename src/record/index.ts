/** A log record as this package reads it, and the sample that is stored of it. Other rooms import this face only. */

export { EXCEPTION_SOURCE_KEYS, type ExceptionView, FINGERPRINT_KEY } from './attributes.js';
export { exceptionAttributes, fatalRecord } from './fatal-record.js';
export {
  CODE_KEYS,
  codeLocation,
  firstAttribute,
  missingFromHeadline,
  whatHappened,
  whereFrom,
} from './headline/summary.js';
export { SAMPLE_LIMITS } from './limits.js';
export type { EnabledOptions, InstrumentationScope, ReadableLogRecord, ReadableResource } from './otel.js';
export { readField } from './read-field.js';
export { type RecordView, readRecord } from './read-record.js';
export { type ResourceView, redactedResource } from './read-resource.js';
export { copyOfStart, redactedStart } from './redacted-start.js';
export { type Sample, type SampleException, toSample } from './sample.js';
export {
  effectiveSeverity,
  isFatal,
  MAX_SEVERITY_NUMBER,
  SEVERITY_BANDS,
  type SeverityBand,
  type SeverityName,
  severityBand,
  severityLabel,
} from './severity.js';
export { parseStack, stackLines } from './stack.js';
export { isEventLoopFrame, isLibraryFrame } from './stack-frame.js';
