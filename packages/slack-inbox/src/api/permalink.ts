import type { InboxMessage } from '../model/index.js';
import type { InboxState } from '../state/index.js';

/** Where the page shows this message; the path is Slack's. */
export function permalinkOf({ url }: InboxState, { channel, ts, thread_ts }: InboxMessage): string {
  const link = `${url}archives/${channel}/p${ts.replace('.', '')}`;
  return thread_ts === undefined ? link : `${link}?thread_ts=${thread_ts}&cid=${channel}`;
}
