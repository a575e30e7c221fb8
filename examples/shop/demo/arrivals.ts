import type { Inbox, InboxMessage } from 'slack-inbox';
import { type Counts, readCounts, withoutCopies } from './shown.js';
import type { Shown } from './summary.js';

/** An event in the channel that a person can see. */
export type Arrival =
  | { readonly kind: 'posted' | 'edited'; readonly message: InboxMessage }
  | { readonly kind: 'replied'; readonly message: InboxMessage; readonly parent: InboxMessage | undefined };

/** Watches the channel. */
export interface Arrivals {
  /** Reads the channel once more, stops watching, and returns a summary. */
  end(): Shown;
}

const INTERVAL_MILLIS = 100;

/** The last known state of a message. */
interface Seen {
  readonly editedTs: string | undefined;
  /** Undefined for a reply. */
  readonly counts: Counts | undefined;
}

/** Calls back for each new or edited message, in order. */
export function watchArrivals(inbox: Inbox, onArrival: (arrival: Arrival) => void): Arrivals {
  // `inbox.messages()` is not enough: the inbox does not store all messages of a demo that runs for hours.
  const seen = new Map<string, Seen>();
  let edits = 0;
  const check = (): void => {
    const messages = inbox.messages();
    for (const message of messages) {
      const before = seen.get(message.ts);
      if (before && before.editedTs === message.edited?.ts) continue;
      const isReply = message.thread_ts !== undefined;
      seen.set(message.ts, { editedTs: message.edited?.ts, counts: isReply ? undefined : readCounts(message) });
      if (before) edits++;
      if (before) onArrival({ kind: 'edited', message });
      else if (!isReply) onArrival({ kind: 'posted', message });
      else onArrival({ kind: 'replied', message, parent: messages.find(({ ts }) => ts === message.thread_ts) });
    }
  };
  const timer = setInterval(check, INTERVAL_MILLIS);
  return {
    end() {
      clearInterval(timer);
      check();
      return summarize([...seen.values()], edits);
    },
  };
}

function summarize(seen: readonly Seen[], edits: number): Shown {
  const all = seen.flatMap((each) => each.counts ?? []);
  const counted = withoutCopies(all);
  return {
    messages: all.length,
    replies: seen.length - all.length,
    edits,
    records: counted.reduce((sum, { records }) => sum + records, 0),
    lost: counted.reduce((sum, { lost }) => sum + lost, 0),
  };
}
