import { firstLine, joined, oneLine } from '../util/text.js';
import type { Sample } from './sample.js';
import { parseStack, topFrame } from './stack.js';

/** What happened, in words: the exception, or the event, or the first line of the body. Not escaped, not cut. */
export function whatHappened(sample: Sample): string {
  const { exception, eventName, message } = sample;
  if (exception) return joined(': ', exception.type, oneLine(exception.message ?? message)) || 'an exception';
  if (eventName) return joined(': ', eventName, firstLine(message));
  return firstLine(message) || '(no message)';
}

/** Characters that are missing from {@link whatHappened} because they were too many to keep. */
export function missingFromHeadline({ exception, eventName, message, missingMessage }: Sample): number {
  if (exception) return exception.message === undefined ? missingMessage : exception.missingMessage;
  return eventName === undefined && !message.trim().includes('\n') ? missingMessage : 0;
}

/** `checkout (production)`; empty when the app says neither. */
export function whereFrom({ resource }: Sample): string {
  const { serviceName, environment } = resource;
  // The SDK's own default for a service that nobody named says nothing.
  const service = serviceName?.startsWith('unknown_service') ? undefined : serviceName;
  if (service && environment) return `${service} (${environment})`;
  return service ?? environment ?? '';
}

const FILE_KEYS = ['code.file.path', 'code.filepath'] as const;
const LINE_KEYS = ['code.line.number', 'code.lineno'] as const;
const FUNCTION_KEYS = ['code.function.name', 'code.function'] as const;

/** The attributes that say where in the code a record was emitted. */
export const CODE_KEYS: readonly string[] = [...FILE_KEYS, ...LINE_KEYS, ...FUNCTION_KEYS];

/** The line of code to look at first: `chargeCard (/app/src/pay.ts:41:13)`. */
export function codeLocation(sample: Sample): string | undefined {
  const frame = sample.exception?.stack ? topFrame(parseStack(sample.exception.stack)) : undefined;
  if (frame) return frame.text.replace(/^at (async )?/, '');
  const name = firstAttribute(sample, FUNCTION_KEYS);
  const place = joined(':', firstAttribute(sample, FILE_KEYS), firstAttribute(sample, LINE_KEYS));
  return name && place ? `${name} (${place})` : (name ?? (place || undefined));
}

/** The value of the first of the attributes that is there and not empty. */
export function firstAttribute(sample: Sample, keys: readonly string[]): string | undefined {
  return keys.map((key) => sample.attributes.get(key)).find((text) => text);
}
