import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FaultScript } from '../faults/index.js';
import type { InboxState } from '../state/index.js';
import type { Changes } from '../ui/wire.js';
import { entryOf } from './entry.js';
import type { Feed, FeedChange } from './feed.js';
import { pageState } from './state.js';

/** A page that stopped reading is disconnected when this much is buffered for it. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** The changes of this time are one event. Too short to notice, and a storm of messages makes fewer events. */
const BATCH_MILLIS = 50;

/** With more changed entries than this, an event has none, and the page reloads the part that it shows. */
const MAX_ENTRIES = 200;

/** The sources of the events. */
export interface EventSources {
  readonly state: InboxState;
  readonly feed: Feed;
  readonly faults: FaultScript;
}

/** Server-sent events for the page: each is a {@link Changes}. */
export class EventStream {
  readonly #sources: EventSources;
  readonly #pages = new Set<ServerResponse>();
  /** Distinguishes this inbox from an earlier one on the same port. */
  readonly #epoch = randomBytes(4).toString('hex');
  /** The number of the last event. */
  #number = 0;
  #changed = new Set<string>();
  #removed = new Set<string>();
  #isCleared = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(sources: EventSources) {
    this.#sources = sources;
    sources.feed.onChange((change) => this.#collect(change));
    sources.faults.onChange(() => this.#collect({}));
  }

  /** Adds a page. @param lastEventId the id of the last event that a reconnecting page received; '' for a new page */
  add(response: ServerResponse, lastEventId: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // A browser reconnects after about three seconds by default.
    response.write('retry: 1000\n\n');
    this.#flush();
    const isUpToDate = lastEventId === this.#id();
    response.write(this.#format(isUpToDate ? { state: this.#state() } : { state: this.#state(), reload: true }));
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
  }

  /** Stops the timer. The server closes the connections. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #collect({ changed = [], removed = [], isCleared = false }: FeedChange): void {
    for (const key of changed) this.#changed.add(key);
    for (const key of removed) {
      this.#changed.delete(key);
      this.#removed.add(key);
    }
    this.#isCleared ||= isCleared;
    if (this.#pages.size === 0) this.#reset();
    else this.#timer ??= setTimeout(() => this.#flush(), BATCH_MILLIS);
  }

  #flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#changes();
    this.#reset();
    const text = this.#format(changes);
    for (const page of this.#pages) {
      if (page.writableLength > MAX_BUFFERED_BYTES) page.destroy();
      else page.write(text);
    }
  }

  #changes(): Changes {
    const hasTooMany = this.#changed.size + this.#removed.size > MAX_ENTRIES;
    if (this.#isCleared || hasTooMany) return { state: this.#state(), reload: true };
    const { state, feed } = this.#sources;
    const entries = [...this.#changed].flatMap((key) => entryOf(state.store, feed, key) ?? []);
    return { state: this.#state(), entries, removed: [...this.#removed] };
  }

  /** Removes changes that were sent, or that no page is there to receive. */
  #reset(): void {
    this.#number += 1;
    this.#changed = new Set();
    this.#removed = new Set();
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
