import type { InboxMessage, InboxRequest } from '../model/index.js';
import { type Change, isTopLevel, type RequestLog, type Store } from '../state/index.js';
import { REFUSED } from '../ui/wire.js';

/** The refusals that the page keeps. The log of requests keeps more. */
const MAX_REFUSALS = 2_000;

/** An item of a channel: a message, or a refused request. */
export interface Item {
  readonly key: string;
  readonly channel: string;
  /** The position in the feed, increasing. */
  readonly order: number;
  readonly request?: InboxRequest;
}

/** Selects a part of a feed. At most one of `before`, `after` and `around` is given; with none, the newest part. */
export interface FeedQuery {
  /** Id, or `REFUSED`. */
  readonly channel: string;
  /** `before` and `after` are values of {@link Item.order}. */
  readonly before?: number;
  readonly after?: number;
  /** A value of {@link Item.key}. */
  readonly around?: string;
  readonly limit: number;
  readonly matches: (item: Item) => boolean;
}

/** A change that the page must show: keys of new or changed items, and of removed items. */
export interface FeedChange {
  readonly changed?: readonly string[];
  readonly removed?: readonly string[];
  readonly isCleared?: boolean;
}

type MessageChange = Exclude<Change, { kind: 'cleared' }>;

/** The items of each channel in the order of arrival, and which of them the person has seen. */
export class Feed {
  readonly #store: Store;
  readonly #items = new Map<string, Item>();
  /** The items of each channel, oldest first. All refusals are also under `REFUSED`. */
  readonly #lists = new Map<string, Item[]>();
  /** Key of a message → keys of its replies. */
  readonly #replies = new Map<string, string[]>();
  readonly #refusals = new WeakMap<InboxRequest, string>();
  readonly #seen = new Map<string, number>();
  readonly #listeners: ((change: FeedChange) => void)[] = [];
  #order = 0;
  #droppedMessages = 0;
  #droppedRefusals = 0;

  constructor(store: Store, log: RequestLog) {
    this.#store = store;
    store.onChange((change) => this.#onStoreChange(change));
    log.onRefused((request) => this.#addRefusal(request));
    log.onEvicted((request) => this.#removeRefusal(request));
  }

  onChange(listener: (change: FeedChange) => void): void {
    this.#listeners.push(listener);
  }

  /** The numbers of messages and refusals that were removed because the inbox is full. */
  get dropped(): { readonly messages: number; readonly refusals: number } {
    return { messages: this.#droppedMessages, refusals: this.#droppedRefusals };
  }

  item(key: string): Item | undefined {
    return this.#items.get(key);
  }

  /** Returns the keys of the replies to a message, oldest first. */
  replies(key: string): readonly string[] {
    return this.#replies.get(key) ?? [];
  }

  count(channel: string): number {
    return this.#list(channel).length;
  }

  /** Returns the number of items that the person has not seen. */
  unread(channel: string): number {
    const seen = this.#seen.get(channel) ?? 0;
    const list = this.#list(channel);
    let first = list.length;
    while (first > 0 && (list[first - 1]?.order ?? 0) > seen) first -= 1;
    return list.length - first;
  }

  /** Marks the current items of the channel as seen. */
  markSeen(channel: string): void {
    this.#seen.set(channel, this.#order);
    this.#notify({});
  }

  part({ channel, before, after, around, limit, matches }: FeedQuery): {
    items: Item[];
    atStart: boolean;
    atEnd: boolean;
  } {
    const list = this.#list(channel).filter(matches);
    const [start, end] = rangeOf(list, { before, after, around, limit });
    return { items: list.slice(start, end), atStart: start === 0, atEnd: end === list.length };
  }

  /** Removes all messages and refusals. */
  clear(): void {
    this.#items.clear();
    this.#lists.clear();
    this.#replies.clear();
    this.#droppedMessages = 0;
    this.#droppedRefusals = 0;
    this.#notify({ isCleared: true });
  }

  #onStoreChange(change: Change): void {
    if (change.kind === 'cleared') this.clear();
    else if (change.kind === 'posted' || change.kind === 'updated') this.#onWritten(change);
    else this.#onRemoved(change);
  }

  #onWritten({ kind, message }: MessageChange): void {
    const key = keyOf(message);
    const parent = parentOf(message);
    if (kind === 'posted') this.#addMessage(message, key, parent);
    this.#notify({ changed: parent ? [key, parent] : [key] });
  }

  #onRemoved({ kind, message }: MessageChange): void {
    const key = keyOf(message);
    const parent = parentOf(message);
    if (kind === 'dropped') this.#droppedMessages += 1;
    this.#remove(key);
    if (parent !== undefined) this.#removeReply(key, parent);
    this.#notify({ removed: [key], changed: parent ? [parent] : [] });
  }

  #addMessage(message: InboxMessage, key: string, parent: string | undefined): void {
    if (parent !== undefined) this.#addReply(key, parent);
    if (isTopLevel(message)) this.#add({ key, channel: message.channel, order: this.#nextOrder() }, [message.channel]);
  }

  #addRefusal(request: InboxRequest): void {
    const order = this.#nextOrder();
    const { channel = '' } = request;
    const item: Item = { key: `r/${order}`, channel, order, request };
    const isKnown = this.#store.channels().some(({ id }) => id === channel);
    this.#add(item, isKnown ? [channel, REFUSED] : [REFUSED]);
    this.#refusals.set(request, item.key);
    this.#notify({ changed: [item.key] });
    const [oldest] = this.#list(REFUSED);
    if (oldest?.request && this.count(REFUSED) > MAX_REFUSALS) this.#removeRefusal(oldest.request);
  }

  /** Removes a refusal that the log does not keep any more, because its body may be large. */
  #removeRefusal(request: InboxRequest): void {
    const key = this.#refusals.get(request);
    if (key === undefined || !this.#items.has(key)) return;
    this.#droppedRefusals += 1;
    this.#remove(key);
    this.#notify({ removed: [key] });
  }

  #add(item: Item, lists: readonly string[]): void {
    this.#items.set(item.key, item);
    for (const name of lists) {
      const list = this.#lists.get(name);
      if (list) list.push(item);
      else this.#lists.set(name, [item]);
    }
  }

  #remove(key: string): void {
    const item = this.#items.get(key);
    this.#items.delete(key);
    if (!item) return;
    for (const name of [item.channel, REFUSED]) {
      const list = this.#list(name);
      // In most cases the oldest item is removed.
      const at = list[0] === item ? 0 : list.indexOf(item);
      if (at >= 0) list.splice(at, 1);
    }
  }

  #addReply(key: string, parent: string): void {
    const existing = this.#replies.get(parent);
    if (existing) existing.push(key);
    else this.#replies.set(parent, [key]);
  }

  #removeReply(key: string, parent: string): void {
    const remaining = this.replies(parent).filter((each) => each !== key);
    if (remaining.length > 0) this.#replies.set(parent, remaining);
    else this.#replies.delete(parent);
  }

  #list(channel: string): Item[] {
    return this.#lists.get(channel) ?? [];
  }

  #nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  #notify(change: FeedChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Returns the key of a message. The store uses the same keys. */
export function keyOf({ channel, ts }: Pick<InboxMessage, 'channel' | 'ts'>): string {
  return `${channel}/${ts}`;
}

/** Returns the key of the message that this one replies to. */
export function parentOf({ channel, thread_ts }: InboxMessage): string | undefined {
  return thread_ts === undefined ? undefined : `${channel}/${thread_ts}`;
}

function rangeOf(
  list: readonly Item[],
  {
    before,
    after,
    around,
    limit,
  }: Pick<FeedQuery, 'limit'> & { [K in 'before' | 'after']: number | undefined } & { around: string | undefined },
): [number, number] {
  if (after !== undefined) {
    const start = indexOfFirst(list, ({ order }) => order > after);
    return [start, Math.min(list.length, start + limit)];
  }
  const middle = around === undefined ? -1 : list.findIndex(({ key }) => key === around);
  if (middle >= 0) {
    const start = Math.max(0, middle - Math.floor(limit / 2));
    return [start, Math.min(list.length, start + limit)];
  }
  const end = before === undefined ? list.length : indexOfFirst(list, ({ order }) => order >= before);
  return [Math.max(0, end - limit), end];
}

function indexOfFirst(list: readonly Item[], matches: (item: Item) => boolean): number {
  const found = list.findIndex(matches);
  return found < 0 ? list.length : found;
}
