/** When to come again, and nothing else. */

const SECOND = 1_000;
/** The first wait after a failure is up to this long, and each next one up to twice as long. */
const FIRST_BACKOFF_MILLIS = SECOND;
const LONGEST_BACKOFF_MILLIS = 60 * SECOND;
/** When Slack says "later" without saying when. */
const UNSAID_RETRY_AFTER_MILLIS = 30 * SECOND;

/**
 * How long to wait after so many failures in a row (from 1): a random time between one second and a bound that doubles
 * up to a minute, so that many processes do not come back together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function backoffMillis(failures: number, random: () => number): number {
  const bound = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS * 2 ** Math.min(failures, 16));
  return FIRST_BACKOFF_MILLIS + random() * (bound - FIRST_BACKOFF_MILLIS);
}

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date, honoured however long;
 * 30 s when it is missing or says neither.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMillis(header: string | undefined, nowMillis: number): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Math.max(SECOND, Math.ceil(Number(text) * SECOND));
  // `Date.parse` makes a date of almost anything that ends with a number.
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? UNSAID_RETRY_AFTER_MILLIS : Math.max(SECOND, date - nowMillis);
}
