import { firstLine, joined, oneLine } from '../../util/index.js';
import type { Sample, SampleException } from '../sample.js';
import { causeTitle, parseStack, topFrame } from '../stack.js';
import { whatItSays } from './what-it-says.js';

/**
 * Returns the headline of a record: its exception, else its event, else the first line of its body. Not escaped, not
 * cut.
 */
export function whatHappened(sample: Sample): string {
  const { exception, eventName, message } = sample;
  if (exception) return exceptionHeadline(exception, message);
  const line = firstLine(whatItSays(message));
  return eventName ? joined(': ', eventName, line) : line || '(no message)';
}

/** Messages of wrappers, which say nothing without their cause. */
const SAYS_NOTHING =
  /^(?:|fetch failed|terminated|all promises were rejected|an? (?:unknown |unexpected )?error occurred|internal server error)[.!]?$/i;

function exceptionHeadline({ type, message, stack }: SampleException, body: string): string {
  const headline = joined(': ', type, oneLine(whatItSays(message ?? body)));
  const cause = stack !== undefined && SAYS_NOTHING.test(message?.trim() ?? '') ? innermostCause(stack) : undefined;
  return joined(', ', headline, cause && `caused by ${cause}`) || 'an exception';
}

/** Most stacks have no cause, and parsing a long one takes a millisecond. */
const MAY_HAVE_CAUSE = /\[cause\]|\[errors\]|caused by/i;

/** Returns the title of the last cause in a stack: `Error: connect ECONNREFUSED 127.0.0.1:5432`. */
function innermostCause(stack: string): string | undefined {
  if (!MAY_HAVE_CAUSE.test(stack)) return undefined;
  const last = parseStack(stack).slice(1).at(-1);
  return last && oneLine(causeTitle(last.title));
}

/** Returns the number of characters of {@link whatHappened} that were cut off when the sample was made. */
export function missingFromHeadline({ exception, eventName, message, missingMessage }: Sample): number {
  if (exception) return exception.message === undefined ? missingMessage : exception.missingMessage;
  return eventName === undefined && !message.trim().includes('\n') ? missingMessage : 0;
}

/** Returns the service and the environment, `checkout (production)`, or an empty string when neither is set. */
export function whereFrom({ resource }: Sample): string {
  const { serviceName, environment } = resource;
  // `unknown_service` is the SDK's default for a service without a name.
  const service = serviceName?.startsWith('unknown_service') ? undefined : serviceName;
  if (service && environment) return `${service} (${environment})`;
  return service ?? environment ?? '';
}

const FILE_KEYS = ['code.file.path', 'code.filepath'] as const;
const LINE_KEYS = ['code.line.number', 'code.lineno'] as const;
const FUNCTION_KEYS = ['code.function.name', 'code.function'] as const;

/** The attributes with the code location of a record. */
export const CODE_KEYS: readonly string[] = [...FILE_KEYS, ...LINE_KEYS, ...FUNCTION_KEYS];

/** Returns the code location of a record: `chargeCard (/app/src/pay.ts:41:13)`. */
export function codeLocation(sample: Sample): string | undefined {
  const frame = sample.exception?.stack ? topFrame(parseStack(sample.exception.stack)) : undefined;
  if (frame) return frame.text.replace(/^at (async )?/, '');
  const name = firstAttribute(sample, FUNCTION_KEYS);
  const filePosition = joined(':', firstAttribute(sample, FILE_KEYS), firstAttribute(sample, LINE_KEYS));
  return name && filePosition ? `${name} (${filePosition})` : (name ?? (filePosition || undefined));
}

/** Returns the value of the first attribute that is present and not empty. */
export function firstAttribute(sample: Sample, keys: readonly string[]): string | undefined {
  return keys.map((key) => sample.attributes.get(key)).find((text) => text);
}
