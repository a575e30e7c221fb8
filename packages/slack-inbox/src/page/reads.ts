import { jsonReply, type Reply, textReply } from '../http/index.js';
import type { InboxMessage } from '../model/index.js';
import type { InboxState } from '../state/index.js';
import type { FeedPart, ThreadPart } from '../ui/wire.js';
import { entryOf, messageEntry, searchTextOf } from './entry.js';
import { type Feed, type Item, keyOf, parentOf } from './feed.js';
import { sourceOf } from './source.js';

/** The parts of an inbox that the page reads. */
export interface PageSources {
  readonly state: InboxState;
  readonly feed: Feed;
}

const DEFAULT_LIMIT = 40;
const MAX_LIMIT = 100;

/** The page gets the newest replies of a thread, at most this many. */
const MAX_REPLIES = 500;

/** `?channel=&before=&after=&around=&limit=&q=` */
export function answerFeed({ state: { store }, feed }: PageSources, query: URLSearchParams): Reply {
  const before = numberOf(query, 'before');
  const after = numberOf(query, 'after');
  const around = query.get('around') ?? '';
  const { items, atStart, atEnd } = feed.part({
    channel: query.get('channel') ?? '',
    limit: Math.min(numberOf(query, 'limit') ?? DEFAULT_LIMIT, MAX_LIMIT),
    matches: matcher(query.get('q') ?? '', (item) => searchTextOf(store, item)),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(around === '' ? {} : { around }),
  });
  const entries = items.flatMap(({ key }) => entryOf(store, feed, key) ?? []);
  const part: FeedPart = { entries, atStart, atEnd };
  return jsonReply({ ...part });
}

/** `?key=`: the key of a message, or of a reply to it. */
export function answerThread({ state: { store }, feed }: PageSources, query: URLSearchParams): Reply {
  const requestedKey = query.get('key') ?? '';
  const find = (key: string): InboxMessage | undefined => {
    const [channel = '', ts = ''] = key.split('/');
    return store.message(channel, ts);
  };
  const message = find(requestedKey);
  const root = (message && parentOf(message)) ?? requestedKey;
  const replies = feed
    .replies(root)
    .slice(-MAX_REPLIES)
    .flatMap((key) => find(key) ?? []);
  const parent = find(root);
  if (!parent && replies.length === 0) return textReply(404, 'thread_not_found');
  const toEntry = (each: InboxMessage) => messageEntry(store, feed, each);
  const part: ThreadPart = { replies: replies.map(toEntry), ...(parent ? { parent: toEntry(parent) } : {}) };
  return jsonReply({ key: parent ? keyOf(parent) : root, ...part });
}

/** `?key=` */
export function answerSource({ state: { store }, feed }: PageSources, query: URLSearchParams): Reply {
  const source = sourceOf(store, feed, query.get('key') ?? '');
  return source ? jsonReply({ ...source }) : textReply(404, 'not_found');
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = Number(query.get(name) ?? Number.NaN);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** Returns a function that finds items with all words of the query. Upper and lower case are equal. */
function matcher(query: string, textOf: (item: Item) => string): (item: Item) => boolean {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (item) => {
    const text = textOf(item).toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
