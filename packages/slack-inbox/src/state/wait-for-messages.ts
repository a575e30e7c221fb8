import type { InboxMessage } from '../model/index.js';
import { messageText } from '../mrkdwn/index.js';
import type { Store } from './store.js';

const MAX_SHOWN = 5;

/** The condition that {@link waitForMessages} waits for. */
interface Condition {
  readonly count: number;
  readonly timeoutMillis: number;
  /** Id of the channel; `undefined` counts the messages of all channels. */
  readonly channel: string | undefined;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
}

/**
 * Resolves with all messages as soon as there are `count`. Rejects after the timeout, and when the inbox closes; the error
 * lists the newest messages.
 */
export function waitForMessages(store: Store, condition: Condition): Promise<readonly InboxMessage[]> {
  const { count, timeoutMillis, channel, signal } = condition;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', onClose);
      finish();
    };
    const check = () => {
      // Cheap, because this runs for each of thousands of messages.
      if (store.size < count) return;
      const messages = store.messages(channel);
      if (messages.length >= count) settle(() => resolve(messages));
    };
    const fail = (reason: string) =>
      settle(() => reject(new Error(`${reason}: ${describe(store.messages(channel), count)}`)));
    const onClose = () => fail('the inbox was closed');
    const timer = setTimeout(() => fail(`waited ${timeoutMillis} ms`), timeoutMillis);
    const stopListening = store.onChange(check);
    signal.addEventListener('abort', onClose);
    if (signal.aborted) onClose();
    else check();
  });
}

function describe(messages: readonly InboxMessage[], count: number): string {
  const shown = messages
    .slice(-MAX_SHOWN)
    .map((each) => `\n  ${each.ts} ${JSON.stringify(messageText(each).slice(0, 200))}`);
  const which = messages.length > MAX_SHOWN ? `, the last ${MAX_SHOWN}` : '';
  return `expected ${count} messages, got ${messages.length}${which}${shown.join('')}`;
}
