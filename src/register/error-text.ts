import type { SlackLogRecordProcessor } from '../processor.js';
import type { ReadableLogRecord } from '../record/index.js';

/** An error that was logged as text. */
export interface ErrorText {
  /** The text before the error. */
  readonly before: string;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** The number of characters of a text that are searched for an error. */
const MAX_SEARCHED_LENGTH = 32_768;
const FIRST_FRAME = /\n {4,12}at /;
/** The name that an error begins with, after at most a few words in the same line. */
const HEAD =
  /^(?<before>[^\n]{0,512}?[\s:]|)(?:Uncaught )?(?<type>[A-Z][\w$]{0,64}(?:Error|Exception)|Error)(?: \[\w{1,64}\])?(?:: (?<message>[\s\S]*))?$/;

/** Finds the error in a text such as `console.error(error.stack)` or `util.format('failed:', error)` writes. */
export function parseErrorText(text: string): ErrorText | undefined {
  const cut = text.slice(0, MAX_SEARCHED_LENGTH);
  const at = cut.search(FIRST_FRAME);
  if (at === -1) return undefined;
  const { before = '', type, message = '' } = HEAD.exec(cut.slice(0, at))?.groups ?? {};
  if (type === undefined) return undefined;
  return { before: before.trim().replace(/:$/, ''), type, message, stack: cut.slice(before.length) };
}

/** The SDK's record, which processors may change. */
interface WritableRecord extends ReadableLogRecord {
  setAttributes?(attributes: Readonly<Record<string, string>>): unknown;
  setBody?(body: string): unknown;
  setSeverityNumber?(severityNumber: number): unknown;
  setSeverityText?(severityText: string): unknown;
}

/** The format in which Node.js writes warnings with `console.error`, also those of `process.emitWarning()`. */
const NODE_WARNING = /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /;
const WARN = 13;

/**
 * Wraps a processor so that it reads errors and Node.js warnings from the text of a record. Express and OpenTelemetry's
 * bridge for the console log errors as text; with the stack, the fingerprint can use the place in the code. Node.js logs
 * its warnings as errors.
 */
export function withParsedTexts(slack: SlackLogRecordProcessor): SlackLogRecordProcessor {
  return {
    ...slack,
    onEmit(record, context) {
      try {
        parseBody(record);
      } catch {
        // The record keeps its text.
      }
      slack.onEmit(record, context);
    },
  };
}

function parseBody(record: WritableRecord): void {
  const { body } = record;
  if (typeof body !== 'string') return;
  if (NODE_WARNING.test(body)) {
    record.setSeverityNumber?.(WARN);
    record.setSeverityText?.('WARN');
  } else if (record.attributes['exception.stacktrace'] === undefined) addException(record, body);
}

function addException(record: WritableRecord, body: string): void {
  const error = parseErrorText(body);
  if (error === undefined || record.setAttributes === undefined) return;
  const { before, type, message, stack } = error;
  record.setAttributes({ 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack });
  record.setBody?.(before || message);
}
