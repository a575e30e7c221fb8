/** Where the inbox gets the time from. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}
