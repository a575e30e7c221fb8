import type { Clock } from '../util/index.js';
import { type ErrorClass, knownError } from './errors.js';
import type { HttpResult } from './http/http.js';
import { retryAfterMillis } from './retry-after.js';
import type { Outcome } from './types.js';

/** The response to a request. */
export type HttpResponse = Extract<HttpResult, { kind: 'response' }>;

/** The reason of a 2xx whose body is not Slack's: it was cut off, or comes from something else on the way. */
export const UNREADABLE_ANSWER = 'unreadable_answer';

/** Returns the outcome of a request without a response. */
export function outcomeOfFailure({ code, isWritten }: Extract<HttpResult, { kind: 'failed' }>): Outcome {
  return { kind: isWritten ? 'unknown' : 'retry', reason: code };
}

/**
 * Returns the outcome of a status that webhooks and the Web API share: a rate limit, a server error, a redirect; else
 * `undefined`.
 */
export function outcomeOfStatus(response: HttpResponse, clock: Clock): Outcome | undefined {
  const { status } = response;
  if (status === 429) return rateLimited(response, clock);
  if (status >= 500) return { kind: 'unknown', reason: `http_${status}` };
  if (status >= 300 && status < 400) return { kind: 'refused', reason: 'redirected', because: 'unclear' };
  return undefined;
}

/**
 * Reads `Retry-After`. A date in it is compared with the response's `Date` header, because the local clock may be
 * wrong.
 */
function rateLimited(response: HttpResponse, clock: Clock): Outcome {
  const sentAtMillis = Date.parse(headerOf(response, 'date') ?? '');
  const nowMillis = Number.isNaN(sentAtMillis) ? clock.now() : sentAtMillis;
  const rateLimitedMillis = retryAfterMillis(headerOf(response, 'retry-after'), nowMillis);
  return { kind: 'retry', reason: 'rate_limited', rateLimitedMillis };
}

function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const header = headers[name];
  return Array.isArray(header) ? header[0] : header;
}

/** Returns the outcome of an error code of Slack's. An unknown code is refused as `unclear`. */
export function outcomeOfError(name: string, response: HttpResponse, clock: Clock): Outcome {
  const errorClass = knownError(name)?.errorClass;
  if (name === 'ratelimited' || name === 'rate_limited') return rateLimited(response, clock);
  return outcomeOfClass(errorClass, name);
}

function outcomeOfClass(errorClass: ErrorClass | undefined, reason: string): Outcome {
  switch (errorClass) {
    case 'retry':
      return { kind: 'retry', reason };
    case 'unknown':
      return { kind: 'unknown', reason };
    default:
      return { kind: 'refused', reason, because: errorClass ?? 'unclear' };
  }
}

/**
 * Returns the text if it has the form of an error code. No other text of a response may appear in a log line or a
 * metric.
 */
export function errorName(text: unknown): string | undefined {
  return typeof text === 'string' && /^[a-z][a-z0-9_]{1,79}$/.test(text) ? text : undefined;
}
