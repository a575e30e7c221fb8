import { formatted } from './dates.js';
import { createRow, type Row, type RowActions } from './row.js';
import type { Entry } from './wire.js';

/** The reader is at the end when the end is this near, in pixels. */
const NEAR_END = 60;

/** Rows in a scrolling box. Changes do not move the row that the reader looks at. */
export class RowList {
  readonly box: HTMLElement;
  readonly #container: HTMLElement;
  readonly #actions: RowActions;
  readonly #kind: 'feed' | 'thread';
  #rows: Row[] = [];
  readonly #byKey = new Map<string, Row>();

  constructor(box: HTMLElement, container: HTMLElement, actions: RowActions, kind: 'feed' | 'thread') {
    this.box = box;
    this.#container = container;
    this.#actions = actions;
    this.#kind = kind;
    new ResizeObserver(() => {
      if (this.#wasAtEnd) this.toEnd();
    }).observe(box);
    box.addEventListener('scroll', () => {
      this.#wasAtEnd = this.isNearEnd();
    });
  }

  #wasAtEnd = true;

  get rows(): readonly Row[] {
    return this.#rows;
  }

  row(key: string): Row | undefined {
    return this.#byKey.get(key);
  }

  isNearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.#wasAtEnd = true;
  }

  toStart(): void {
    this.box.scrollTop = 0;
    this.#wasAtEnd = this.isNearEnd();
  }

  /**
   * Runs a change of rows, and restores the scroll position: the first visible row does not move. With `follow`, a reader
   * at the end stays at the end.
   */
  change(update: () => void, { follow = false } = {}): void {
    const isFollowing = follow && this.#wasAtEnd;
    const top = this.box.getBoundingClientRect().top;
    const anchor = this.#rows.find(({ element }) => element.getBoundingClientRect().bottom > top)?.element;
    const topBefore = anchor?.getBoundingClientRect().top ?? 0;
    update();
    this.#markDays();
    this.#keepTabStop();
    if (isFollowing) this.toEnd();
    else if (anchor?.isConnected) this.box.scrollTop += anchor.getBoundingClientRect().top - topBefore;
  }

  /** Shows exactly these entries. Rows that exist already keep their elements. */
  replace(entries: readonly Entry[]): void {
    const keys = new Set(entries.map(({ key }) => key));
    for (const row of this.#rows) if (!keys.has(row.entry.key)) this.#drop(row);
    this.#rows = entries.map((entry) => this.#rowOf(entry));
    const elements = this.#rows.map(({ element }) => element);
    if (elements.some((element, index) => this.#container.children[index] !== element))
      this.#container.replaceChildren(...elements);
  }

  append(entries: readonly Entry[]): void {
    const rows = entries.filter(({ key }) => !this.#byKey.has(key)).map((entry) => this.#rowOf(entry));
    this.#rows.push(...rows);
    this.#container.append(...rows.map(({ element }) => element));
  }

  prepend(entries: readonly Entry[]): void {
    const rows = entries.filter(({ key }) => !this.#byKey.has(key)).map((entry) => this.#rowOf(entry));
    this.#rows.unshift(...rows);
    this.#container.prepend(...rows.map(({ element }) => element));
  }

  /** Removes rows from the start or the end until `count` are left. Returns whether it removed any. */
  trim(count: number, from: 'start' | 'end'): boolean {
    const tooMany = this.#rows.length - count;
    if (tooMany <= 0) return false;
    const removed = from === 'start' ? this.#rows.splice(0, tooMany) : this.#rows.splice(count);
    for (const row of removed) this.#drop(row);
    return true;
  }

  remove(key: string): void {
    const row = this.#byKey.get(key);
    if (!row) return;
    const index = this.#rows.indexOf(row);
    const hadFocus = row.element.contains(document.activeElement);
    this.#rows.splice(index, 1);
    this.#drop(row);
    if (hadFocus) (this.#rows[index] ?? this.#rows[index - 1])?.element.focus({ preventScroll: true });
  }

  /** Moves the focus by some rows. Returns whether there is such a row. */
  step(by: number): boolean {
    const current = this.focused();
    const index = current ? this.#rows.indexOf(current) + by : this.#rows.length - 1;
    const next = this.#rows[index];
    next?.element.focus();
    return next !== undefined;
  }

  focused(): Row | undefined {
    const key = document.activeElement?.closest<HTMLElement>('article')?.dataset.key ?? '';
    const row = this.#byKey.get(key);
    return row?.element.contains(document.activeElement) ? row : undefined;
  }

  #rowOf(entry: Entry): Row {
    const existing = this.#byKey.get(entry.key);
    if (existing) {
      existing.update(entry);
      return existing;
    }
    const row = createRow(entry, this.#actions, this.#kind);
    row.element.addEventListener('focusin', () => this.#keepTabStop(row.element));
    this.#byKey.set(entry.key, row);
    return row;
  }

  #drop(row: Row): void {
    row.element.remove();
    this.#byKey.delete(row.entry.key);
  }

  /** Makes exactly one row reachable with Tab. The arrow keys move on from it. */
  #keepTabStop(preferred?: HTMLElement): void {
    const existing = this.#container.querySelectorAll<HTMLElement>('article[tabindex="0"]');
    const stop = preferred ?? existing[0] ?? this.#rows.at(-1)?.element;
    for (const each of existing) if (each !== stop) each.tabIndex = -1;
    if (stop) stop.tabIndex = 0;
  }

  /** Marks the first row of each day with its date. */
  #markDays(): void {
    if (this.#kind === 'thread') return;
    let day = '';
    for (const { element, entry } of this.#rows) {
      const rowDay = formatted(entry.atMillis, '{date_long_pretty}');
      if (rowDay === day) delete element.dataset.day;
      else element.dataset.day = rowDay;
      day = rowDay;
    }
  }
}
