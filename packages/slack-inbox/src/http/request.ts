import type { IncomingMessage } from 'node:http';
import { INBOX_LIMITS, isObject, type JsonObject, parseJson } from '../model/index.js';

/** Fields that the Web API takes as JSON text, in forms and in JSON alike. */
const JSON_FIELDS = ['blocks', 'attachments', 'metadata'];

/** Reads a body; `undefined` when it is too large. Rejects when the poster goes away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Reads on to the end: a poster that is still writing would see a broken pipe instead of the refusal.
    if (bytes <= INBOX_LIMITS.requestBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > INBOX_LIMITS.requestBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The JSON of a webhook's body, or of its form field `payload`; `undefined` when there is none. */
export function parseWebhookBody(body: string, contentType: string): JsonObject | undefined {
  const field = contentType === 'application/x-www-form-urlencoded' ? new URLSearchParams(body).get('payload') : null;
  const value = parseJson(field ?? body);
  return isObject(value) ? decodeFields(value) : undefined;
}

export function parseForm(body: string): JsonObject {
  return decodeFields(Object.fromEntries(new URLSearchParams(body)));
}

export function parseJsonBody(body: string): JsonObject | undefined {
  const value = parseJson(body);
  return isObject(value) ? decodeFields(value) : undefined;
}

// What does not parse stays text: the check of the field refuses it with Slack's own word.
function decodeFields(fields: JsonObject): JsonObject {
  const decoded: Record<string, unknown> = { ...fields };
  for (const name of JSON_FIELDS) {
    const value = decoded[name];
    if (value === '') delete decoded[name];
    else if (typeof value === 'string') decoded[name] = parseJson(value) ?? value;
  }
  return decoded;
}
