import type { Clock } from '../util/index.js';
import type { HttpClient } from './http/http.js';
import type { SlackMessage } from './types.js';

/** The parameters of a request besides the message. */
export interface Post {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/** Set for every message, so that Slack does not unfurl, format or turn into a mention any text of a log line. */
const NO_PARSING = { unfurl_links: false, unfurl_media: false, parse: 'none', mrkdwn: false } as const;

/** Returns the request body that posts or updates a message. */
export function messageBody(message: SlackMessage): object {
  const { text, blocks, attachments } = message;
  return { text, ...(blocks && { blocks }), ...(attachments && { attachments }), ...NO_PARSING };
}
