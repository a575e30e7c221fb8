import { firstLine, joined, oneLine } from '../util/index.js';
import type { Sample } from './sample.js';
import { parseStack, topFrame } from './stack.js';

/**
 * Returns the headline of a record: its exception, else its event, else the first line of its body. Not escaped, not
 * cut.
 */
export function whatHappened(sample: Sample): string {
  const { exception, eventName, message } = sample;
  if (exception) return joined(': ', exception.type, oneLine(exception.message ?? message)) || 'an exception';
  if (eventName) return joined(': ', eventName, firstLine(message));
  return firstLine(message) || '(no message)';
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
