import type { IncomingMessage } from 'node:http';
import { INBOX_LIMITS, isObject, type JsonObject, parseJson } from '../model/index.js';

/** Fields that the Web API accepts as JSON text, both in forms and in JSON bodies. */
const JSON_FIELDS = ['blocks', 'attachments', 'metadata'];

/** Reads a body; `undefined` when it is too large. Rejects when the client closes the connection. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Reads to the end, because a client that is still writing would get a broken pipe instead of the refusal.
    if (bytes <= INBOX_LIMITS.requestBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > INBOX_LIMITS.requestBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Parses the JSON of a webhook's body or of its form field `payload`; `undefined` when it is not an object. */
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

// A field that does not parse stays a string. The check of that field then refuses it with Slack's error.
function decodeFields(fields: JsonObject): JsonObject {
  const decoded: Record<string, unknown> = { ...fields };
  for (const name of JSON_FIELDS) {
    const value = decoded[name];
    if (value === '') delete decoded[name];
    else if (typeof value === 'string') decoded[name] = parseJson(value) ?? value;
  }
  return decoded;
}
