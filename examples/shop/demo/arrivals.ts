import type { Inbox, InboxMessage } from 'slack-inbox';
import { readTold, type Told, withoutCopies } from './shown.js';
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
  readonly told: Told | undefined;
}

/** Calls back for each new or edited message, in order. */
export function watchArrivals(inbox: Inbox, onArrival: (arrival: Arrival) => void): Arrivals {
  // `inbox.messages()` is not enough: the inbox does not store all messages of a demo that runs for hours.
  const seen = new Map<string, Seen>();
  let edits = 0;
  const look = (): void => {
    const messages = inbox.messages();
    for (const message of messages) {
      const before = seen.get(message.ts);
      if (before && before.editedTs === message.edited?.ts) continue;
      const isReply = message.thread_ts !== undefined;
      seen.set(message.ts, { editedTs: message.edited?.ts, told: isReply ? undefined : readTold(message) });
      if (before) edits++;
      if (before) onArrival({ kind: 'edited', message });
      else if (!isReply) onArrival({ kind: 'posted', message });
      else onArrival({ kind: 'replied', message, parent: messages.find(({ ts }) => ts === message.thread_ts) });
    }
  };
  const timer = setInterval(look, INTERVAL_MILLIS);
  return {
    end() {
      clearInterval(timer);
      look();
      return shown([...seen.values()], edits);
    },
  };
}

function shown(seen: readonly Seen[], edits: number): Shown {
  const told = seen.flatMap((each) => each.told ?? []);
  const counted = withoutCopies(told);
  return {
    messages: told.length,
    replies: seen.length - told.length,
    edits,
    records: counted.reduce((sum, { records }) => sum + records, 0),
    lost: counted.reduce((sum, { lost }) => sum + lost, 0),
  };
}
