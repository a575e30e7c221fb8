import type { SlackLogRecordProcessor } from '../processor.js';
import type { ReadableLogRecord } from '../record/otel.js';

/** An error that somebody has written as text. */
export interface WrittenError {
  /** What stands before it. */
  readonly before: string;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** Errors in a text are looked for so far, in characters. */
const MOST_LENGTH = 32_768;
const FIRST_FRAME = /\n {4,12}at /;
/** The name that an error begins with, after at most a few words in the same line. */
const HEAD =
  /^(?<before>[^\n]{0,512}?[\s:]|)(?:Uncaught )?(?<type>[A-Z][\w$]{0,64}(?:Error|Exception)|Error)(?: \[\w{1,64}\])?(?:: (?<message>[\s\S]*))?$/;

/** The error in a text such as `console.error(error.stack)` and `util.format('failed:', error)` give. */
export function readWrittenError(text: string): WrittenError | undefined {
  const cut = text.slice(0, MOST_LENGTH);
  const at = cut.search(FIRST_FRAME);
  if (at === -1) return undefined;
  const { before = '', type, message = '' } = HEAD.exec(cut.slice(0, at))?.groups ?? {};
  if (type === undefined) return undefined;
  return { before: before.trim().replace(/:$/, ''), type, message, stack: cut.slice(before.length) };
}

/** A record while the processors see it: the SDK's own. */
interface OpenRecord extends ReadableLogRecord {
  setAttributes?(attributes: Readonly<Record<string, string>>): unknown;
  setBody?(body: string): unknown;
  setSeverityNumber?(severityNumber: number): unknown;
  setSeverityText?(severityText: string): unknown;
}

/** How Node writes a warning of its own, or of the app's `process.emitWarning()`: through `console.error`. */
const NODE_WARNING = /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /;
const WARN = 13;

/**
 * The same processor, which takes what is written in a record's body for what it is: an error, of which Express and
 * OpenTelemetry's bridge for the console make a text, and a warning of Node's, which is no error. With its stack a problem
 * is known by its place in the code.
 */
export function withTextsRead(slack: SlackLogRecordProcessor): SlackLogRecordProcessor {
  return {
    ...slack,
    onEmit(record, context) {
      try {
        readText(record);
      } catch {
        // It stays a text.
      }
      slack.onEmit(record, context);
    },
  };
}

function readText(record: OpenRecord): void {
  const { body } = record;
  if (typeof body !== 'string') return;
  if (NODE_WARNING.test(body)) {
    record.setSeverityNumber?.(WARN);
    record.setSeverityText?.('WARN');
  } else if (record.attributes['exception.stacktrace'] === undefined) readStack(record, body);
}

function readStack(record: OpenRecord, body: string): void {
  const written = readWrittenError(body);
  if (written === undefined || record.setAttributes === undefined) return;
  const { before, type, message, stack } = written;
  record.setAttributes({ 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack });
  record.setBody?.(before || message);
}
