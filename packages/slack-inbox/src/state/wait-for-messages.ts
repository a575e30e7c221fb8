import type { InboxMessage } from '../model/index.js';
import { messageText } from '../mrkdwn/index.js';
import type { Store } from './store.js';

const MAX_SHOWN = 5;

/** What {@link waitForMessages} waits for. */
interface Awaited {
  readonly count: number;
  readonly timeoutMillis: number;
  /** Id; every channel without one. */
  readonly channel: string | undefined;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
}

/** Resolves once so many messages stand there; rejects with what is there when time is up or the inbox closes. */
export function waitForMessages(store: Store, awaited: Awaited): Promise<readonly InboxMessage[]> {
  const { count, timeoutMillis, channel, signal } = awaited;
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', onClose);
      then();
    };
    const look = () => {
      // Without looking at each: thousands may come.
      if (store.size < count) return;
      const messages = store.messages(channel);
      if (messages.length >= count) settle(() => resolve(messages));
    };
    const fail = (why: string) =>
      settle(() => reject(new Error(`${why}: ${describe(store.messages(channel), count)}`)));
    const onClose = () => fail('the inbox was closed');
    const timer = setTimeout(() => fail(`waited ${timeoutMillis} ms`), timeoutMillis);
    const stopListening = store.onChange(look);
    signal.addEventListener('abort', onClose);
    if (signal.aborted) onClose();
    else look();
  });
}

function describe(messages: readonly InboxMessage[], count: number): string {
  const shown = messages
    .slice(-MAX_SHOWN)
    .map((each) => `\n  ${each.ts} ${JSON.stringify(messageText(each).slice(0, 200))}`);
  const which = messages.length > MAX_SHOWN ? `, the last ${MAX_SHOWN}` : '';
  return `expected ${count} messages, got ${messages.length}${which}${shown.join('')}`;
}
