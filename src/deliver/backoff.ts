const MIN_BACKOFF_MILLIS = 1_000;
const MAX_BACKOFF_MILLIS = 60_000;

/**
 * Returns how long to wait after a number of failures in a row (1 or more): a random time between one second and a bound
 * that doubles with each failure, up to a minute. The random part prevents many processes from retrying together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function backoffMillis(failures: number, random: () => number): number {
  const bound = Math.min(MAX_BACKOFF_MILLIS, MIN_BACKOFF_MILLIS * 2 ** Math.min(failures, 16));
  return MIN_BACKOFF_MILLIS + random() * (bound - MIN_BACKOFF_MILLIS);
}
