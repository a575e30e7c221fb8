import { guarded } from '../util/index.js';
import type { Health } from './disk/health.js';
import type { Mutex } from './disk/mutex.js';
import type { Quota } from './disk/quota.js';
import type { KeyValueLog } from './key-value-log.js';
import type { Segments } from './segments/segments.js';

/** Options of a {@link Journal}. */
export interface JournalParts {
  readonly segments: Segments;
  readonly keyValues: KeyValueLog;
  readonly quota: Quota;
  readonly health: Health;
  readonly mutex: Mutex;
  /** Makes sure that the directory exists. */
  readonly ready: () => Promise<void>;
}

/** Writes acknowledgements and key values. */
export class Journal {
  readonly #parts: JournalParts;
  #scheduled: Promise<void> | undefined;

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** Writes in the background. Calls before the write starts share its promise. Never rejects. */
  schedule(): Promise<void> {
    const { mutex, ready, health } = this.#parts;
    this.#scheduled ??= mutex.run(async () => {
      this.#scheduled = undefined;
      try {
        await ready();
        await this.write();
      } catch (error) {
        health.failed('upkeep', error);
      }
    });
    return this.#scheduled;
  }

  /** Key values first: a process killed in between posts something twice, but shows no lower count than before. */
  async write(): Promise<void> {
    const { segments, keyValues } = this.#parts;
    try {
      if (this.#hasRoom) await keyValues.flush();
    } finally {
      await segments.journal();
    }
  }

  /** Writes synchronously, at the end of a process. Ignores errors. */
  writeSync(): void {
    const { segments, keyValues } = this.#parts;
    segments.journalSync();
    // The key values are a help, not a promise.
    if (this.#hasRoom) guarded(() => keyValues.flushSync());
  }

  get #hasRoom(): boolean {
    const { quota, keyValues } = this.#parts;
    return quota.fits(keyValues.unwrittenBytes);
  }
}
