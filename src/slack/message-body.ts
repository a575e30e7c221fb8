import type { Clock } from '../util/clock.js';
import type { HttpClient } from './http.js';
import type { SlackMessage } from './types.js';

/** What posting needs besides the message. */
export interface Post {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/** What goes with every message, so that nothing in a log line is fetched, formatted or turned into a mention. */
const HARMLESS = { unfurl_links: false, unfurl_media: false, parse: 'none', mrkdwn: false } as const;

/** The body of a request that posts a message. */
export function messageBody(message: SlackMessage): object {
  const { text, blocks, attachments } = message;
  return { text, ...(blocks && { blocks }), ...(attachments && { attachments }), ...HARMLESS };
}
