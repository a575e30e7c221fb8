import type { RateLimits } from './rate-limits.js';
import type { Channel, Store } from './store.js';

/** The state of an inbox, except its log of requests and its faults. */
export interface InboxState {
  readonly store: Store;
  readonly rates: RateLimits;
  /** Path of a webhook → its channel. */
  readonly webhooks: Map<string, Channel>;
  readonly token: string;
  readonly scopes: readonly string[];
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
}

/** The person who uses the page. Also the default of `Inbox.react`. */
export const PERSON_ID = 'U0PERSON01';

/** The app that posts, and its workspace. The inbox has one of each. */
export const IDENTITY = {
  team: 'Local Slack',
  team_id: 'T0INBOX',
  user: 'otel',
  user_id: 'U0INBOX',
  bot_id: 'B0INBOX',
  app_id: 'A0INBOX',
} as const;
