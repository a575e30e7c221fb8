/**
 * The list of faults. Each one is a row of the table in docs/reliability.md, which names the tests of its outcome.
 */
export const ROWS: readonly string[] = [
  'Connection refused, DNS failure, TLS error',
  'A hang before the headers, a hang in the body, one byte a second',
  '429 with seconds',
  '429 for very long, without a time, with an HTTP date, with garbage',
  '500, 502, 503',
  'A reset after Slack accepted',
  '200 with broken JSON',
  '`ok:false` for a while',
  '`ok:false` because of the message',
  'Token revoked, channel archived, no service',
  'Ten minutes without Slack at 100,000 records a second',
  'The clock jumps a day either way',
  'A record with hostile values',
  'Strings that are hard for patterns',
  'The app exits, crashes or is killed',
  'Disk full or read-only, spool damaged',
  'Two processes share a spool',
  'A resource detector that never settles',
  'The app crashes and restarts, fifty times',
  'Concurrent flushes, shutdown during a flush, export after shutdown',
];
