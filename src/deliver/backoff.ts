/** The first wait after a failure is one second. */
const FIRST_BACKOFF_MILLIS = 1_000;
const LONGEST_BACKOFF_MILLIS = 60_000;

/**
 * How long to wait after so many failures in a row (from 1): a random time between one second and a bound that doubles
 * up to a minute, so that many processes do not come back together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function backoffMillis(failures: number, random: () => number): number {
  const bound = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS * 2 ** Math.min(failures, 16));
  return FIRST_BACKOFF_MILLIS + random() * (bound - FIRST_BACKOFF_MILLIS);
}
