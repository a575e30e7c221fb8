import type { InboxMessage } from '../model/index.js';
import type { InboxState } from '../state/index.js';

/** Returns the address of a message on the page. The path is the same as in Slack. */
export function permalinkOf({ url }: InboxState, { channel, ts, thread_ts }: InboxMessage): string {
  const link = `${url}archives/${channel}/p${ts.replace('.', '')}`;
  return thread_ts === undefined ? link : `${link}?thread_ts=${thread_ts}&cid=${channel}`;
}
