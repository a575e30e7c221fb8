import type { RateLimits } from './rate-limits.js';
import type { Channel, Store } from './store.js';

/** All that an inbox remembers but its log and its faults. */
export interface InboxState {
  readonly store: Store;
  readonly rates: RateLimits;
  /** Path of a webhook → the channel it posts to. */
  readonly webhooks: Map<string, Channel>;
  readonly token: string;
  readonly scopes: readonly string[];
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
}

/** Who clicks on the page, and in `Inbox.react` unless it says another. */
export const PERSON_ID = 'U0PERSON01';

/** Who posts. The inbox knows one app in one workspace. */
export const IDENTITY = {
  team: 'Local Slack',
  team_id: 'T0INBOX',
  user: 'otel',
  user_id: 'U0INBOX',
  bot_id: 'B0INBOX',
  app_id: 'A0INBOX',
} as const;
