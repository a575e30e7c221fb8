import { type Ask, askFeed } from './api.js';
import { byId, counted, say } from './dom.js';
import type { RowActions } from './row.js';
import { RowList } from './row-list.js';
import { type Entry, type FeedPart, REFUSED } from './wire.js';

/** How many rows stand on the page at most, and how many are asked for at a time. */
const MAX_ROWS = 120;
const PART = 40;

/** How near to an end of what is there more is asked for, in pixels. */
const NEAR = 800;

/** The messages of one channel, or what a search finds in it: a window of rows over all of them. */
export class FeedView {
  readonly list: RowList;
  readonly #newest = byId('newest');
  #ask: Ask = { channel: '' };
  #atStart = true;
  #atEnd = true;
  /** What came while the reader was elsewhere. */
  #unseen = 0;
  /** The request that is under way; one at a time, in order. */
  #busy: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  readonly #onEmpty: (isEmpty: boolean) => void;

  constructor(actions: RowActions, onEmpty: (isEmpty: boolean) => void) {
    this.list = new RowList(byId('feed'), byId('rows'), actions, 'feed');
    this.#onEmpty = onEmpty;
    this.list.box.addEventListener('scroll', () => this.#look(), { passive: true });
    this.#newest.addEventListener('click', () => void this.toNewest());
  }

  get channel(): string {
    return this.#ask.channel;
  }

  get isSearch(): boolean {
    return (this.#ask.q ?? '') !== '';
  }

  /** Whether the reader sees the newest there is. */
  isAtEnd(): boolean {
    return this.#atEnd && this.list.isNearEnd();
  }

  /** Shows the end of a channel, or the neighbourhood of a message in it. */
  async open({ channel, q, around }: Pick<Ask, 'channel' | 'q' | 'around'>): Promise<void> {
    this.#ask = { channel, ...(q ? { q } : {}) };
    await this.#load(around === undefined ? {} : { around }, (part) => {
      this.list.replace([]);
      this.#take(part);
      const row = around === undefined ? undefined : this.list.row(around);
      if (!row) return this.list.toEnd();
      row.element.classList.add('linked');
      row.element.focus({ preventScroll: true });
      row.element.scrollIntoView({ block: 'center' });
    });
  }

  /** Asks anew for what is on the page, where the reader is. */
  async reload(): Promise<void> {
    const top = this.list.box.getBoundingClientRect().top;
    const first = this.list.rows.find(({ element }) => element.getBoundingClientRect().bottom > top);
    const around = this.isAtEnd() || !first ? {} : { around: first.entry.key };
    await this.#load(around, (part) => this.list.change(() => this.#take(part), { follow: true }));
  }

  async toNewest(): Promise<void> {
    if (!this.#atEnd) await this.#load({}, (part) => this.#take(part));
    this.list.toEnd();
    this.#look();
  }

  /** What came or changed; gives what is new to the reader. */
  take(entries: readonly Entry[], gone: readonly string[]): readonly Entry[] {
    const own = entries.filter((entry) => this.#isOwn(entry));
    const last = this.list.rows.at(-1)?.entry.order ?? 0;
    const fresh = own.filter(({ key, order = 0 }) => order > last && !this.list.row(key));
    this.#when(() => this.#show(own, gone));
    return fresh;
  }

  #show(entries: readonly Entry[], gone: readonly string[]): void {
    const last = this.list.rows.at(-1)?.entry.order ?? 0;
    const fresh = entries.filter(({ key, order = 0 }) => order > last && !this.list.row(key));
    const follows = this.list.isNearEnd();
    this.list.change(
      () => {
        for (const entry of entries) this.list.row(entry.key)?.update(entry);
        for (const key of gone) this.list.remove(key);
        if (this.#atEnd) this.list.append(fresh.sort((a, b) => (a.order ?? 0) - (b.order ?? 0)));
        if (this.#atEnd && follows && this.list.trim(MAX_ROWS, 'start')) this.#atStart = false;
        // The reader is further up: what comes at the end is fetched when they go there.
        if (this.#atEnd && !follows && this.list.trim(MAX_ROWS, 'end')) this.#atEnd = false;
      },
      { follow: true },
    );
    if (!follows) this.#unseen += fresh.length;
    this.#say();
  }

  #isOwn(entry: Entry): boolean {
    if (entry.order === undefined) return false;
    return this.channel === REFUSED ? entry.kind === 'refusal' : entry.channel === this.channel;
  }

  /** Fetches older or newer rows when the reader comes near to what is missing. */
  #look(): void {
    const { box, rows } = this.list;
    if (this.isAtEnd()) this.#unseen = 0;
    this.#say();
    if (this.#busy) return;
    const [first, last] = [rows[0]?.entry.order, rows.at(-1)?.entry.order];
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (!this.#atStart && first !== undefined && box.scrollTop < NEAR)
      void this.#load({ before: first }, (part) => this.#older(part));
    else if (!this.#atEnd && last !== undefined && below < NEAR)
      void this.#load({ after: last }, (part) => this.#newer(part));
  }

  #older(part: FeedPart): void {
    this.list.change(() => {
      this.list.prepend(part.entries);
      this.#atStart = part.atStart;
      if (this.list.trim(MAX_ROWS, 'end')) this.#atEnd = false;
    });
  }

  #newer(part: FeedPart): void {
    this.list.change(() => {
      this.list.append(part.entries);
      this.#atEnd = part.atEnd;
      if (this.list.trim(MAX_ROWS, 'start')) this.#atStart = false;
    });
  }

  #take(part: FeedPart): void {
    this.list.change(() => this.list.replace(part.entries));
    this.#atStart = part.atStart;
    this.#atEnd = part.atEnd;
    if (part.atEnd) this.#unseen = 0;
    this.#say();
  }

  async #load(more: Partial<Ask>, show: (part: FeedPart) => void): Promise<void> {
    while (this.#busy) await this.#busy;
    const ask = this.#ask;
    // Without an answer the inbox is gone: the connection says so, and all is asked anew when it is back.
    const answer = askFeed({ ...ask, limit: PART, ...more }).catch(() => undefined);
    this.#busy = answer.then(() => {});
    const part = await answer;
    this.#busy = undefined;
    if (part && ask === this.#ask) show(part);
    for (const act of this.#waiting.splice(0)) act();
    this.#look();
  }

  /** What was told while an answer was on its way is newer than the answer. */
  #when(act: () => void): void {
    if (this.#busy) this.#waiting.push(act);
    else act();
  }

  #say(): void {
    const { rows } = this.list;
    this.#onEmpty(rows.length === 0);
    byId('start').hidden = !this.#atStart || rows.length === 0;
    const isBehind = !this.isAtEnd() && rows.length > 0;
    this.#newest.hidden = !isBehind;
    say(this.#newest, this.#unseen > 0 ? `↓ ${counted(this.#unseen, 'new message')}` : '↓ Newest');
  }
}
