import type { FeedPart, Source, ThreadPart } from './wire.js';

/** The query of a part of a feed; see `FeedQuery` in page/feed.ts. */
export interface FeedQuery {
  readonly channel: string;
  readonly q?: string;
  readonly before?: number;
  readonly after?: number;
  readonly around?: string;
  readonly limit?: number;
}

/** Fetches a part of a feed. Rejects when the inbox does not answer. */
export function fetchFeed(query: FeedQuery): Promise<FeedPart> {
  return read<FeedPart>('/page/feed', { ...query });
}

/** Fetches a thread; `undefined` when it does not exist. */
export async function fetchThread(key: string): Promise<(ThreadPart & { readonly key: string }) | undefined> {
  return read<ThreadPart & { readonly key: string }>('/page/thread', { key }).catch(() => undefined);
}

/** Fetches the JSON of an entry; `undefined` when the entry does not exist any more. */
export async function fetchSource(key: string): Promise<Source | undefined> {
  return read<Source>('/page/source', { key }).catch(() => undefined);
}

/** Sends an action to the inbox. Resolves with '', or with an error text. */
export async function postAction(name: 'reaction' | 'faults' | 'seen' | 'clear', args: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch(`/page/${name}`, { method: 'POST', headers, body: JSON.stringify(args) });
    return response.ok ? '' : await response.text();
  } catch {
    return 'the inbox does not answer';
  }
}

async function read<T>(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<T> {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
