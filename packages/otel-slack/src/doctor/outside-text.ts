import { redactedStart } from '../../../../src/record/index.js';
import { createRedactor } from '../../../../src/redact/index.js';

const redactor = createRedactor(
  { redact: { keys: [], allowKeys: [], patterns: [] }, denyAttributes: [] },
  { failed: () => {} },
);

/** Returns a text from Slack or from another server in its place: without secrets, and of at most `maxLength` characters. */
export function outsideText(text: unknown, maxLength: number): string {
  return redactedStart(String(text), maxLength, redactor);
}
