import { guarded } from '../util/index.js';

type Listener = (ids: readonly string[]) => void;

/** Reports entries that this process has lost: another process adopted them, or their file is gone. */
export class EntryReports {
  readonly counts = { taken: 0, vanished: 0 };
  onTaken: Listener | undefined;
  onVanished: Listener | undefined;
  /** While true, listeners run at once, because the process ends. */
  isSync = false;

  taken(ids: readonly string[]): void {
    this.counts.taken += ids.length;
    this.#report(() => this.onTaken?.(ids));
  }

  vanished(ids: readonly string[]): void {
    this.counts.vanished += ids.length;
    this.#report(() => this.onVanished?.(ids));
  }

  /** Resolves when the listeners have run for all reports so far. */
  async delivered(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  #report(run: () => void): void {
    if (this.isSync) guarded(run);
    // Later, because the caller of append() must receive its ids first.
    else setImmediate(() => guarded(run));
  }
}
