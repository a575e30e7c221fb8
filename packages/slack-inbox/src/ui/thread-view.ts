import { fetchThread } from './api.js';
import { byId, counted, el } from './dom.js';
import type { RowActions } from './row.js';
import { RowList } from './row-list.js';
import type { Entry, MessageEntry } from './wire.js';

/** The panel with a thread: its first message and its replies, updated live. */
export class ThreadView {
  readonly list: RowList;
  readonly #panel = byId('thread');
  /** Key of the first message. */
  #key = '';
  /** The element that had the focus before the thread opened. */
  #opener: Element | null = null;

  constructor(actions: RowActions) {
    const box = byId('thread-rows');
    this.list = new RowList(box, box, actions, 'thread');
    byId('thread-close').addEventListener('click', () => this.close());
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  /** Opens a thread. Resolves with false when it does not exist. */
  async open(key: string): Promise<boolean> {
    const thread = await fetchThread(key);
    if (!thread) return false;
    if (!this.isOpen) this.#opener = document.activeElement;
    this.#key = thread.key;
    this.#panel.hidden = false;
    document.body.classList.add('with-thread');
    this.#show(thread.parent, thread.replies);
    const row = this.list.row(key) ?? this.list.rows.at(-1);
    this.list.toStart();
    row?.element.focus();
    return true;
  }

  async reload(): Promise<void> {
    if (!this.isOpen) return;
    const thread = await fetchThread(this.#key);
    if (thread) this.#show(thread.parent, thread.replies);
    else this.close();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#panel.hidden = true;
    document.body.classList.remove('with-thread');
    this.list.replace([]);
    if (this.#opener instanceof HTMLElement && this.#opener.isConnected) this.#opener.focus();
  }

  applyChanges(entries: readonly Entry[], removed: readonly string[]): void {
    if (!this.isOpen) return;
    const relevant = entries.filter(
      (entry): entry is MessageEntry => entry.kind === 'message' && this.#isInThread(entry),
    );
    if (relevant.length + removed.length === 0) return;
    this.list.change(
      () => {
        for (const entry of relevant) this.list.row(entry.key)?.update(entry);
        for (const key of removed) this.list.remove(key);
        this.list.append(relevant);
        this.#showReplyCount();
      },
      { follow: true },
    );
    if (this.list.rows.length === 0) this.close();
  }

  #isInThread({ key, thread }: MessageEntry): boolean {
    return key === this.#key || thread === this.#key;
  }

  #show(parent: MessageEntry | undefined, replies: readonly MessageEntry[]): void {
    this.list.change(() => {
      this.list.replace([...(parent ? [parent] : []), ...replies]);
      this.#showReplyCount();
    });
  }

  /** Shows the number of replies below the first message. */
  #showReplyCount(): void {
    const box = this.list.box;
    const parent = this.list.row(this.#key);
    const count = this.list.rows.length - (parent ? 1 : 0);
    const missing = parent ? '' : 'The first message of this thread does not exist any more. ';
    const line = el(
      'p',
      { class: 'between' },
      missing + (count === 0 ? 'No replies yet' : counted(count, 'reply', 'replies')),
    );
    box.querySelector('.between')?.remove();
    if (parent) parent.element.after(line);
    else box.prepend(line);
  }
}
