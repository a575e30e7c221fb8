import type { ServerResponse } from 'node:http';
import type { PageElement } from './page-node.js';
import { PAGE_MESSAGES } from './page-script.js';
import { messageTree } from './page-tree.js';
import type { Store } from './store.js';
import type { InboxMessage } from './types.js';

/** A page that does not read any more is let go before it holds this much. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** How much a page gets to start with, so that it has room for more before it read that. */
const SNAPSHOT_LENGTH = 4 * 1024 * 1024;

/** Server-sent events for the page: `snapshot`, then `put`, `update`, `remove` and `clear`. */
export class EventStream {
  readonly #store: Store;
  readonly #pages = new Set<ServerResponse>();

  constructor(store: Store) {
    this.#store = store;
    store.onChange((change) => {
      if (this.#pages.size === 0) return;
      if (change.kind === 'cleared') this.#tell('clear', {});
      else if (change.kind === 'deleted')
        for (const { key } of this.#show(change.message)) this.#tell('remove', { key });
      else for (const each of this.#show(change.message)) this.#tell(change.kind === 'posted' ? 'put' : 'update', each);
    });
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(format('snapshot', this.#snapshot()));
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
  }

  /** The newest messages, as JSON. */
  #snapshot(): string {
    const shown: string[] = [];
    let room = SNAPSHOT_LENGTH;
    for (const message of this.#store.messages().slice(-PAGE_MESSAGES).reverse()) {
      const json = this.#show(message)
        .map((each) => JSON.stringify(each))
        .join();
      room -= json.length;
      if (room < 0 && shown.length > 0) break;
      shown.push(json);
    }
    return `[${shown.reverse().join(',')}]`;
  }

  #tell(event: string, data: unknown): void {
    const text = format(event, JSON.stringify(data));
    for (const page of this.#pages) {
      if (page.writableLength > MAX_BUFFERED_BYTES) page.destroy();
      else page.write(text);
    }
  }

  // What a message looks like is decided here and not in the page's script: here are types and tests.
  #show(message: InboxMessage): PageMessage[] {
    const { channel, ts, receivedAtMillis, thread_ts, reply_broadcast } = message;
    const channelName = this.#store.channel(channel)?.name ?? channel;
    const key = `${channel}/${ts}`;
    const base = { channel, ts, atMillis: receivedAtMillis };
    const inChannel = { ...base, tree: messageTree(message, { channelName, place: 'channel' }) };
    if (thread_ts === undefined) return [{ key, ...inChannel }];
    const tree = messageTree(message, { channelName, place: 'thread' });
    const reply = { key, ...base, tree, thread: `${channel}/${thread_ts}` };
    return reply_broadcast ? [reply, { key: `${key}/channel`, ...inChannel, isCopy: true }] : [reply];
  }
}

/** What the page is told of a message. */
interface PageMessage {
  readonly key: string;
  readonly channel: string;
  readonly ts: string;
  readonly atMillis: number;
  readonly tree: PageElement;
  /** Key of the message that it replies to. */
  readonly thread?: string;
  /** The reply stands in its thread, and this in the channel. */
  readonly isCopy?: true;
}

function format(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
