const SECOND = 1_000;
/** The wait when the header is missing or invalid. */
const DEFAULT_RETRY_AFTER_MILLIS = 30 * SECOND;

/**
 * Returns the wait of a `Retry-After` header in milliseconds. The header has seconds or an HTTP date; no wait is too
 * long. Returns 30 s when the header is missing or invalid, and at least 1 s.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMillis(header: string | undefined, nowMillis: number): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Math.max(SECOND, Math.ceil(Number(text) * SECOND));
  // `Date.parse` accepts almost any text that ends with a number.
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? DEFAULT_RETRY_AFTER_MILLIS : Math.max(SECOND, date - nowMillis);
}
