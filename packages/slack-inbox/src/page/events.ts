import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FaultScript } from '../faults/index.js';
import type { InboxState } from '../state/index.js';
import type { Changes } from '../ui/wire.js';
import { entryOf } from './entry.js';
import type { Feed, FeedChange } from './feed.js';
import { pageState } from './state.js';

/** A page that does not read any more is let go before it holds this much. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** What happens in this time is told at once: an eye does not see it, and a storm is fewer events. */
const GATHER_MILLIS = 50;

/** More than a page shows: it does better to ask for what it needs. */
const MAX_ENTRIES = 200;

/** What the stream looks at. */
export interface EventSources {
  readonly state: InboxState;
  readonly feed: Feed;
  readonly faults: FaultScript;
}

/** Server-sent events for the page: each is a {@link Changes}. */
export class EventStream {
  readonly #sources: EventSources;
  readonly #pages = new Set<ServerResponse>();
  /** Tells this inbox from the one that had the port before. */
  readonly #epoch = randomBytes(4).toString('hex');
  /** Of the last event. */
  #number = 0;
  #changed = new Set<string>();
  #gone = new Set<string>();
  #isCleared = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(sources: EventSources) {
    this.#sources = sources;
    sources.feed.onChange((change) => this.#note(change));
    sources.faults.onChange(() => this.#note({}));
  }

  /** @param lastEventId what a page that comes back heard last */
  add(response: ServerResponse, lastEventId: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // A browser comes back after three seconds unless told otherwise.
    response.write('retry: 1000\n\n');
    this.#flush();
    const hasAll = lastEventId === this.#id();
    response.write(this.#format(hasAll ? { state: this.#state() } : { state: this.#state(), reload: true }));
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
  }

  /** Ends nothing but its own timer: the server closes the connections. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #note({ changed = [], gone = [], isCleared = false }: FeedChange): void {
    for (const key of changed) this.#changed.add(key);
    for (const key of gone) {
      this.#changed.delete(key);
      this.#gone.add(key);
    }
    this.#isCleared ||= isCleared;
    if (this.#pages.size === 0) this.#forget();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MILLIS);
  }

  #flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#changes();
    this.#forget();
    const text = this.#format(changes);
    for (const page of this.#pages) {
      if (page.writableLength > MAX_BUFFERED_BYTES) page.destroy();
      else page.write(text);
    }
  }

  #changes(): Changes {
    const isTooMuch = this.#changed.size + this.#gone.size > MAX_ENTRIES;
    if (this.#isCleared || isTooMuch) return { state: this.#state(), reload: true };
    const { state, feed } = this.#sources;
    const entries = [...this.#changed].flatMap((key) => entryOf(state.store, feed, key) ?? []);
    return { state: this.#state(), entries, gone: [...this.#gone] };
  }

  /** What was told, or nobody was there to hear. */
  #forget(): void {
    this.#number += 1;
    this.#changed = new Set();
    this.#gone = new Set();
    this.#isCleared = false;
  }

  #id(): string {
    return `${this.#epoch}.${this.#number}`;
  }

  #state(): Changes['state'] {
    const { state, feed, faults } = this.#sources;
    return pageState(state, feed, faults);
  }

  #format(changes: Changes): string {
    return `id: ${this.#id()}\ndata: ${JSON.stringify(changes)}\n\n`;
  }
}
