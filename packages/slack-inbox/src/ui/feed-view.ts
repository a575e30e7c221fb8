import { type FeedQuery, fetchFeed } from './api.js';
import { byId, counted, setText } from './dom.js';
import type { RowActions } from './row.js';
import { RowList } from './row-list.js';
import { type Entry, type FeedPart, REFUSED } from './wire.js';

/** The maximum of rows in the DOM, and the number of rows of one fetch. */
const MAX_ROWS = 120;
const PART_SIZE = 40;

/** The view fetches more rows when the reader is this near to the first or last row, in pixels. */
const FETCH_DISTANCE_PIXELS = 800;

/** The messages of one channel, or the results of a search in it. Only a window of them is in the DOM. */
export class FeedView {
  readonly list: RowList;
  readonly #newest = byId('newest');
  #query: FeedQuery = { channel: '' };
  #atStart = true;
  #atEnd = true;
  /** The number of messages that arrived while the reader was further up. */
  #unseen = 0;
  /** The fetch that is running. There is only one at a time. */
  #fetching: Promise<void> | undefined;
  #queued: (() => void)[] = [];
  readonly #onEmpty: (isEmpty: boolean) => void;

  constructor(actions: RowActions, onEmpty: (isEmpty: boolean) => void) {
    this.list = new RowList(byId('feed'), byId('rows'), actions, 'feed');
    this.#onEmpty = onEmpty;
    this.list.box.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.#newest.addEventListener('click', () => void this.toNewest());
  }

  get channel(): string {
    return this.#query.channel;
  }

  get isSearch(): boolean {
    return (this.#query.q ?? '') !== '';
  }

  /** Whether the newest message is visible. */
  isAtEnd(): boolean {
    return this.#atEnd && this.list.isNearEnd();
  }

  /** Shows the end of a channel, or the part around a message. */
  async open({ channel, q, around }: Pick<FeedQuery, 'channel' | 'q' | 'around'>): Promise<void> {
    this.#query = { channel, ...(q ? { q } : {}) };
    await this.#load(around === undefined ? {} : { around }, (part) => {
      this.list.replace([]);
      this.#showPart(part);
      const row = around === undefined ? undefined : this.list.row(around);
      if (!row) return this.list.toEnd();
      row.element.classList.add('linked');
      row.element.focus({ preventScroll: true });
      row.element.scrollIntoView({ block: 'center' });
    });
  }

  /** Fetches the visible part again. */
  async reload(): Promise<void> {
    const top = this.list.box.getBoundingClientRect().top;
    const first = this.list.rows.find(({ element }) => element.getBoundingClientRect().bottom > top);
    const around = this.isAtEnd() || !first ? {} : { around: first.entry.key };
    await this.#load(around, (part) => this.list.change(() => this.#showPart(part), { follow: true }));
  }

  async toNewest(): Promise<void> {
    if (!this.#atEnd) await this.#load({}, (part) => this.#showPart(part));
    this.list.toEnd();
    this.#onScroll();
  }

  /** Applies changes of entries. Returns the new entries of this channel. */
  applyChanges(entries: readonly Entry[], removed: readonly string[]): readonly Entry[] {
    const relevant = entries.filter((entry) => this.#isShownHere(entry));
    const last = this.list.rows.at(-1)?.entry.order ?? 0;
    const fresh = relevant.filter(({ key, order = 0 }) => order > last && !this.list.row(key));
    this.#whenIdle(() => this.#applyNow(relevant, removed));
    return fresh;
  }

  #applyNow(entries: readonly Entry[], removed: readonly string[]): void {
    const last = this.list.rows.at(-1)?.entry.order ?? 0;
    const fresh = entries.filter(({ key, order = 0 }) => order > last && !this.list.row(key));
    const follows = this.list.isNearEnd();
    this.list.change(
      () => {
        for (const entry of entries) this.list.row(entry.key)?.update(entry);
        for (const key of removed) this.list.remove(key);
        if (this.#atEnd) this.list.append(fresh.sort((a, b) => (a.order ?? 0) - (b.order ?? 0)));
        if (this.#atEnd && follows && this.list.trim(MAX_ROWS, 'start')) this.#atStart = false;
        // The reader is further up. New rows are fetched when the reader scrolls down.
        if (this.#atEnd && !follows && this.list.trim(MAX_ROWS, 'end')) this.#atEnd = false;
      },
      { follow: true },
    );
    if (!follows) this.#unseen += fresh.length;
    this.#render();
  }

  #isShownHere(entry: Entry): boolean {
    if (entry.order === undefined) return false;
    return this.channel === REFUSED ? entry.kind === 'refusal' : entry.channel === this.channel;
  }

  /** Fetches older or newer rows when the reader is near to them. */
  #onScroll(): void {
    const { box, rows } = this.list;
    if (this.isAtEnd()) this.#unseen = 0;
    this.#render();
    if (this.#fetching) return;
    const [first, last] = [rows[0]?.entry.order, rows.at(-1)?.entry.order];
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (!this.#atStart && first !== undefined && box.scrollTop < FETCH_DISTANCE_PIXELS)
      void this.#load({ before: first }, (part) => this.#prependPart(part));
    else if (!this.#atEnd && last !== undefined && below < FETCH_DISTANCE_PIXELS)
      void this.#load({ after: last }, (part) => this.#appendPart(part));
  }

  #prependPart(part: FeedPart): void {
    this.list.change(() => {
      this.list.prepend(part.entries);
      this.#atStart = part.atStart;
      if (this.list.trim(MAX_ROWS, 'end')) this.#atEnd = false;
    });
  }

  #appendPart(part: FeedPart): void {
    this.list.change(() => {
      this.list.append(part.entries);
      this.#atEnd = part.atEnd;
      if (this.list.trim(MAX_ROWS, 'start')) this.#atStart = false;
    });
  }

  #showPart(part: FeedPart): void {
    this.list.change(() => this.list.replace(part.entries));
    this.#atStart = part.atStart;
    this.#atEnd = part.atEnd;
    if (part.atEnd) this.#unseen = 0;
    this.#render();
  }

  async #load(range: Partial<FeedQuery>, show: (part: FeedPart) => void): Promise<void> {
    while (this.#fetching) await this.#fetching;
    const query = this.#query;
    // On an error the inbox is closed. The event stream shows that, and reloads the view when the inbox is back.
    const answer = fetchFeed({ ...query, limit: PART_SIZE, ...range }).catch(() => undefined);
    this.#fetching = answer.then(() => {});
    const part = await answer;
    this.#fetching = undefined;
    if (part && query === this.#query) show(part);
    for (const update of this.#queued.splice(0)) update();
    this.#onScroll();
  }

  /** Runs `update` now, or after the running fetch, whose answer may be older than the update. */
  #whenIdle(update: () => void): void {
    if (this.#fetching) this.#queued.push(update);
    else update();
  }

  #render(): void {
    const { rows } = this.list;
    this.#onEmpty(rows.length === 0);
    byId('start').hidden = !this.#atStart || rows.length === 0;
    const isBehind = !this.isAtEnd() && rows.length > 0;
    this.#newest.hidden = !isBehind;
    setText(this.#newest, this.#unseen > 0 ? `↓ ${counted(this.#unseen, 'new message')}` : '↓ Newest');
  }
}
