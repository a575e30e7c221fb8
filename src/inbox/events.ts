import type { ServerResponse } from 'node:http';
import { parseMrkdwn } from './markup.js';
import type { Store } from './store.js';
import { messageText } from './text.js';
import type { InboxMessage } from './types.js';

/** A page that does not read any more is let go before it holds this much. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** How many messages a page gets to start with. */
const SNAPSHOT_MESSAGES = 200;

/** Server-sent events for the page: `snapshot`, then `put`, `remove` and `clear`. */
export class EventStream {
  readonly #store: Store;
  readonly #pages = new Set<ServerResponse>();

  constructor(store: Store) {
    this.#store = store;
    store.onChange((change) => {
      if (this.#pages.size === 0) return;
      if (change.kind === 'cleared') this.#tell('clear', {});
      else if (change.kind === 'deleted') this.#tell('remove', { key: keyOf(change.message) });
      else this.#tell('put', this.#show(change.message));
    });
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const messages = this.#store.messages().slice(-SNAPSHOT_MESSAGES);
    response.write(
      format(
        'snapshot',
        messages.map((each) => this.#show(each)),
      ),
    );
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
  }

  #tell(event: string, data: unknown): void {
    const text = format(event, data);
    for (const page of this.#pages) {
      if (page.writableLength > MAX_BUFFERED_BYTES) page.destroy();
      else page.write(text);
    }
  }

  // The page shows text: what a message looks like is decided here, where tests see it.
  #show(message: InboxMessage): PageMessage {
    const color = message.attachments?.map((each) => each.color).find((each) => typeof each === 'string');
    return {
      key: keyOf(message),
      channel: `#${this.#store.channel(message.channel)?.name ?? message.channel}`,
      atMillis: message.receivedAtMillis,
      text: messageText(message),
      notification: parseMrkdwn(message.text)
        .map((token) => token.text)
        .join(''),
      isReply: message.thread_ts !== undefined,
      isEdited: message.edited !== undefined,
      color: String(color ?? ''),
    };
  }
}

/** What the page is told of a message. */
interface PageMessage {
  readonly key: string;
  readonly channel: string;
  readonly atMillis: number;
  readonly text: string;
  readonly notification: string;
  readonly isReply: boolean;
  readonly isEdited: boolean;
  readonly color: string;
}

function keyOf({ channel, ts }: InboxMessage): string {
  return `${channel}/${ts}`;
}

function format(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
