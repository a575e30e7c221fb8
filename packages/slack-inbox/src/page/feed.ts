import type { InboxMessage, InboxRequest } from '../model/index.js';
import { type Change, isTopLevel, type RequestLog, type Store } from '../state/index.js';
import { REFUSED } from '../ui/wire.js';

/** How many refusals the page remembers; the log has more of them. */
const MAX_REFUSALS = 2_000;

/** Something that stands in a channel: a message, or a request that was refused. */
export interface Item {
  readonly key: string;
  readonly channel: string;
  /** Increasing. */
  readonly order: number;
  readonly request?: InboxRequest;
}

/** Which part of a feed is asked for. At most one of `before`, `after` and `around` is given; none is the end of it. */
export interface FeedAsk {
  /** Id, or `REFUSED`. */
  readonly channel: string;
  /** An `order`. */
  readonly before?: number;
  readonly after?: number;
  /** A key. */
  readonly around?: string;
  readonly limit: number;
  readonly matches: (item: Item) => boolean;
}

/** What changed for the page: keys of what came or changed, and of what went. */
export interface FeedChange {
  readonly changed?: readonly string[];
  readonly gone?: readonly string[];
  readonly isCleared?: boolean;
}

type MessageChange = Exclude<Change, { kind: 'cleared' }>;

/** What stands in each channel, in the order of arrival, and what of it nobody has seen yet. */
export class Feed {
  readonly #store: Store;
  readonly #items = new Map<string, Item>();
  /** By channel, and all refusals under `REFUSED`; oldest first. */
  readonly #lists = new Map<string, Item[]>();
  /** Keys of the replies, by the key of the message. */
  readonly #replies = new Map<string, string[]>();
  readonly #refusals = new WeakMap<InboxRequest, string>();
  readonly #seen = new Map<string, number>();
  readonly #listeners: ((change: FeedChange) => void)[] = [];
  #order = 0;
  #droppedMessages = 0;
  #droppedRefusals = 0;

  constructor(store: Store, log: RequestLog) {
    this.#store = store;
    store.onChange((change) => this.#follow(change));
    log.onRefused((request) => this.#addRefusal(request));
    log.onForgotten((request) => this.#forget(request));
  }

  onChange(listener: (change: FeedChange) => void): void {
    this.#listeners.push(listener);
  }

  /** How many messages, and how many refusals, had to go to make room. */
  get dropped(): { readonly messages: number; readonly refusals: number } {
    return { messages: this.#droppedMessages, refusals: this.#droppedRefusals };
  }

  item(key: string): Item | undefined {
    return this.#items.get(key);
  }

  /** Keys of the replies to a message, oldest first. */
  replies(key: string): readonly string[] {
    return this.#replies.get(key) ?? [];
  }

  count(channel: string): number {
    return this.#list(channel).length;
  }

  /** How many stand there that nobody has seen. */
  unread(channel: string): number {
    const seen = this.#seen.get(channel) ?? 0;
    const list = this.#list(channel);
    let first = list.length;
    while (first > 0 && (list[first - 1]?.order ?? 0) > seen) first -= 1;
    return list.length - first;
  }

  /** All that stands in the channel now was seen. */
  markSeen(channel: string): void {
    this.#seen.set(channel, this.#order);
    this.#tell({});
  }

  part({ channel, before, after, around, limit, matches }: FeedAsk): {
    items: Item[];
    atStart: boolean;
    atEnd: boolean;
  } {
    const list = this.#list(channel).filter(matches);
    const [start, end] = rangeOf(list, { before, after, around, limit });
    return { items: list.slice(start, end), atStart: start === 0, atEnd: end === list.length };
  }

  /** Forgets the refusals too. */
  clear(): void {
    this.#items.clear();
    this.#lists.clear();
    this.#replies.clear();
    this.#droppedMessages = 0;
    this.#droppedRefusals = 0;
    this.#tell({ isCleared: true });
  }

  #follow(change: Change): void {
    if (change.kind === 'cleared') this.clear();
    else if (change.kind === 'posted' || change.kind === 'updated') this.#put(change);
    else this.#takeAway(change);
  }

  #put({ kind, message }: MessageChange): void {
    const key = keyOf(message);
    const parent = parentOf(message);
    if (kind === 'posted') this.#addMessage(message, key, parent);
    this.#tell({ changed: parent ? [key, parent] : [key] });
  }

  #takeAway({ kind, message }: MessageChange): void {
    const key = keyOf(message);
    const parent = parentOf(message);
    if (kind === 'dropped') this.#droppedMessages += 1;
    this.#remove(key);
    if (parent !== undefined) this.#removeReply(key, parent);
    this.#tell({ gone: [key], changed: parent ? [parent] : [] });
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
    this.#tell({ changed: [item.key] });
    const [oldest] = this.#list(REFUSED);
    if (oldest?.request && this.count(REFUSED) > MAX_REFUSALS) this.#forget(oldest.request);
  }

  /** What the log does not keep is not kept here: bodies are large. */
  #forget(request: InboxRequest): void {
    const key = this.#refusals.get(request);
    if (key === undefined || !this.#items.has(key)) return;
    this.#droppedRefusals += 1;
    this.#remove(key);
    this.#tell({ gone: [key] });
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
      // Mostly the oldest goes.
      const at = list[0] === item ? 0 : list.indexOf(item);
      if (at >= 0) list.splice(at, 1);
    }
  }

  #addReply(key: string, parent: string): void {
    const there = this.#replies.get(parent);
    if (there) there.push(key);
    else this.#replies.set(parent, [key]);
  }

  #removeReply(key: string, parent: string): void {
    const left = this.replies(parent).filter((each) => each !== key);
    if (left.length > 0) this.#replies.set(parent, left);
    else this.#replies.delete(parent);
  }

  #list(channel: string): Item[] {
    return this.#lists.get(channel) ?? [];
  }

  #nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  #tell(change: FeedChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Of a message: as the store has it. */
export function keyOf({ channel, ts }: Pick<InboxMessage, 'channel' | 'ts'>): string {
  return `${channel}/${ts}`;
}

/** Of the message that this one replies to. */
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
  }: Pick<FeedAsk, 'limit'> & { [K in 'before' | 'after']: number | undefined } & { around: string | undefined },
): [number, number] {
  if (after !== undefined) {
    const start = firstAt(list, ({ order }) => order > after);
    return [start, Math.min(list.length, start + limit)];
  }
  const middle = around === undefined ? -1 : list.findIndex(({ key }) => key === around);
  if (middle >= 0) {
    const start = Math.max(0, middle - Math.floor(limit / 2));
    return [start, Math.min(list.length, start + limit)];
  }
  const end = before === undefined ? list.length : firstAt(list, ({ order }) => order >= before);
  return [Math.max(0, end - limit), end];
}

function firstAt(list: readonly Item[], holds: (item: Item) => boolean): number {
  const found = list.findIndex(holds);
  return found < 0 ? list.length : found;
}
