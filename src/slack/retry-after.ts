const SECOND = 1_000;
/** When Slack says "later" without saying when. */
const UNSAID_RETRY_AFTER_MILLIS = 30 * SECOND;

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
