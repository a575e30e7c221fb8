import type { FeedPart, Source, ThreadPart } from './wire.js';

/** Which part of a feed is asked for; see `FeedAsk` on the other side. */
export interface Ask {
  readonly channel: string;
  readonly q?: string;
  readonly before?: number;
  readonly after?: number;
  readonly around?: string;
  readonly limit?: number;
}

/** Asks for a part of a feed. Rejects when the inbox does not answer. */
export function askFeed(ask: Ask): Promise<FeedPart> {
  return read<FeedPart>('/page/feed', { ...ask });
}

/** Nothing when there is no such thread. */
export async function askThread(key: string): Promise<(ThreadPart & { readonly key: string }) | undefined> {
  return read<ThreadPart & { readonly key: string }>('/page/thread', { key }).catch(() => undefined);
}

/** Nothing when it is no more. */
export async function askSource(key: string): Promise<Source | undefined> {
  return read<Source>('/page/source', { key }).catch(() => undefined);
}

/** Does something; '' when it is done, else what was wrong. */
export async function act(name: 'reaction' | 'faults' | 'seen' | 'clear', args: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch(`/page/${name}`, { method: 'POST', headers, body: JSON.stringify(args) });
    return response.ok ? '' : await response.text();
  } catch {
    return 'the inbox does not answer';
  }
}

async function read<T>(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<T> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
