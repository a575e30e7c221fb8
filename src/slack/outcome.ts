import type { Clock } from '../util/clock.js';
import { type ErrorClass, knownError } from './errors.js';
import type { HttpResult } from './http.js';
import { retryAfterMillis } from './retry-after.js';
import type { Outcome } from './types.js';

/** The answer to a request. */
export type HttpResponse = Extract<HttpResult, { kind: 'response' }>;

/** What became of a request that got no answer. */
export function outcomeOfFailure({ code, isWritten }: Extract<HttpResult, { kind: 'failed' }>): Outcome {
  return { kind: isWritten ? 'unknown' : 'retry', reason: code };
}

/** What is common to both ways to Slack: rate limits, trouble on the way, redirects. `undefined` when it is none of these. */
export function outcomeOfStatus(response: HttpResponse, clock: Clock): Outcome | undefined {
  const { status } = response;
  if (status === 429) return rateLimited(response, clock);
  if (status >= 500) return { kind: 'unknown', reason: `http_${status}` };
  if (status >= 300 && status < 400) return { kind: 'refused', reason: 'redirected', because: 'destination' };
  return undefined;
}

/** Come again when Slack says. A date of Slack's is measured by Slack's clock, as ours may be wrong by a day. */
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

/** What an error's name says, whichever way it came; an unknown name is Slack's business and not clear to us. */
export function outcomeOfError(name: string, response: HttpResponse, clock: Clock): Outcome {
  const errorClass = knownError(name)?.errorClass;
  if (name === 'ratelimited' || name === 'rate_limited') return rateLimited(response, clock);
  return outcomeOfClass(errorClass, name);
}

function outcomeOfClass(errorClass: ErrorClass | undefined, reason: string): Outcome {
  switch (errorClass) {
    case 'wait':
      return { kind: 'retry', reason };
    case 'maybe':
      return { kind: 'unknown', reason };
    default:
      return { kind: 'refused', reason, because: errorClass ?? 'unclear' };
  }
}

/** A name of Slack's and nothing else may be repeated to a person or in a metric. */
export function errorName(text: unknown): string | undefined {
  return typeof text === 'string' && /^[a-z][a-z0-9_]{1,79}$/.test(text) ? text : undefined;
}
