import type { Inbox, InboxMessage } from 'opentelemetry-exporter-slack/inbox';
import { recordsShown } from './shown.js';
import type { Shown } from './summary.js';

/** Watches the channel. */
export interface Arrivals {
  /** Looks once more, stops watching, and says what stands there. */
  end(): Shown;
}

const INTERVAL_MILLIS = 100;

/** Calls back for each message as it arrives, in order. */
export function watchArrivals(inbox: Inbox, onArrival: (message: InboxMessage) => void): Arrivals {
  // Not `inbox.messages()` alone: of a demo that runs for hours the inbox does not keep all.
  const counts = new Map<string, number>();
  const look = (): void => {
    for (const message of inbox.messages()) {
      if (!counts.has(message.ts)) onArrival(message);
      counts.set(message.ts, recordsShown(message));
    }
  };
  const timer = setInterval(look, INTERVAL_MILLIS);
  return {
    end() {
      clearInterval(timer);
      look();
      return { messages: counts.size, records: [...counts.values()].reduce((sum, count) => sum + count, 0) };
    },
  };
}
