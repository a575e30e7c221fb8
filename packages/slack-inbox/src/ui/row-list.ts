import { formatted } from './dates.js';
import { createRow, type Row, type RowActions } from './row.js';
import type { Entry } from './wire.js';

/** How near to the end counts as being there, in pixels. */
const NEAR_END = 60;

/** Rows in a box that scrolls: what changes does not move what the reader looks at. */
export class RowList {
  readonly box: HTMLElement;
  readonly #place: HTMLElement;
  readonly #actions: RowActions;
  readonly #kind: 'feed' | 'thread';
  #rows: Row[] = [];
  readonly #byKey = new Map<string, Row>();

  constructor(box: HTMLElement, place: HTMLElement, actions: RowActions, kind: 'feed' | 'thread') {
    this.box = box;
    this.#place = place;
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

  /** Changes rows, and keeps the end in view or the row that the reader looks at where it is. */
  change(act: () => void, { follow = false } = {}): void {
    const isFollowing = follow && this.#wasAtEnd;
    const top = this.box.getBoundingClientRect().top;
    const anchor = this.#rows.find(({ element }) => element.getBoundingClientRect().bottom > top)?.element;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    act();
    this.#markDays();
    this.#keepTabStop();
    if (isFollowing) this.toEnd();
    else if (anchor?.isConnected) this.box.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** Shows exactly these; rows that stay are the same elements. */
  replace(entries: readonly Entry[]): void {
    const keys = new Set(entries.map(({ key }) => key));
    for (const row of this.#rows) if (!keys.has(row.entry.key)) this.#drop(row);
    this.#rows = entries.map((entry) => this.#made(entry));
    const stay = this.#rows.map(({ element }) => element);
    if (stay.some((element, index) => this.#place.children[index] !== element)) this.#place.replaceChildren(...stay);
  }

  append(entries: readonly Entry[]): void {
    const made = entries.filter(({ key }) => !this.#byKey.has(key)).map((entry) => this.#made(entry));
    this.#rows.push(...made);
    this.#place.append(...made.map(({ element }) => element));
  }

  prepend(entries: readonly Entry[]): void {
    const made = entries.filter(({ key }) => !this.#byKey.has(key)).map((entry) => this.#made(entry));
    this.#rows.unshift(...made);
    this.#place.prepend(...made.map(({ element }) => element));
  }

  /** Takes rows away from the start or the end until there are so many. */
  trim(count: number, from: 'start' | 'end'): boolean {
    const tooMany = this.#rows.length - count;
    if (tooMany <= 0) return false;
    const gone = from === 'start' ? this.#rows.splice(0, tooMany) : this.#rows.splice(count);
    for (const row of gone) this.#drop(row);
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

  /** From row to row; gives whether there was one to go to. */
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

  #made(entry: Entry): Row {
    const there = this.#byKey.get(entry.key);
    if (there) {
      there.update(entry);
      return there;
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

  /** One row can be reached with Tab, the arrows go on from there. */
  #keepTabStop(wanted?: HTMLElement): void {
    const there = this.#place.querySelectorAll<HTMLElement>('article[tabindex="0"]');
    const stop = wanted ?? there[0] ?? this.#rows.at(-1)?.element;
    for (const each of there) if (each !== stop) each.tabIndex = -1;
    if (stop) stop.tabIndex = 0;
  }

  /** The first row of a day says which. */
  #markDays(): void {
    if (this.#kind === 'thread') return;
    let day = '';
    for (const { element, entry } of this.#rows) {
      const own = formatted(entry.atMillis, '{date_long_pretty}');
      if (own === day) delete element.dataset.day;
      else element.dataset.day = own;
      day = own;
    }
  }
}
