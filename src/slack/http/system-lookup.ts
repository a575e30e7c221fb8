import type { LookupAddress } from 'node:dns';
import { type Clock, waitAtMost } from '../../util/index.js';

/** Options of a {@link SystemLookup}. */
export interface SystemLookupParts {
  readonly clock: Clock;
  readonly lookup: (host: string) => Promise<readonly LookupAddress[]>;
}

/** The addresses of a host, an error of the system, or nothing: it did not answer in time. */
export type SystemAnswer = readonly LookupAddress[] | { readonly code: string } | 'no answer';

/** How long a caller waits for its turn and for the answer together, in milliseconds. */
const MAX_WAIT_MILLIS = 2_000;
/** A lookup that has not ended by then never ends: a replaced `dns.lookup()` may have lost it. In milliseconds. */
const LOST_MILLIS = 10 * 60_000;

/**
 * The system's lookups of the process, one at a time. A lookup cannot be cancelled and occupies a thread of libuv until it
 * ends, so no other one starts before, also when its caller has given up.
 */
export class SystemLookup {
  readonly #parts: SystemLookupParts;
  /** Resolves when the running lookup has ended. */
  #running: Promise<void> | undefined;
  #startedAtMillis = 0;

  constructor(parts: SystemLookupParts) {
    this.#parts = parts;
  }

  async ask(host: string): Promise<SystemAnswer> {
    const { clock } = this.#parts;
    const deadlineMillis = clock.monotonic() + MAX_WAIT_MILLIS;
    while (this.#isBusy()) {
      if (clock.monotonic() >= deadlineMillis) return 'no answer';
      await this.#endsBefore(deadlineMillis);
    }
    let answer: SystemAnswer = 'no answer';
    this.#run(host, (given) => {
      answer = given;
    });
    await this.#endsBefore(deadlineMillis);
    return answer;
  }

  #isBusy(): boolean {
    return this.#running !== undefined && this.#parts.clock.monotonic() - this.#startedAtMillis < LOST_MILLIS;
  }

  #run(host: string, onAnswer: (answer: SystemAnswer) => void): void {
    const { clock, lookup } = this.#parts;
    this.#startedAtMillis = clock.monotonic();
    const running = lookup(host).then(onAnswer, ({ code }: NodeJS.ErrnoException) =>
      onAnswer({ code: code ?? 'EAI_FAIL' }),
    );
    this.#running = running;
    void running.then(() => {
      if (this.#running === running) this.#running = undefined;
    });
  }

  async #endsBefore(deadlineMillis: number): Promise<void> {
    const { clock } = this.#parts;
    await waitAtMost(clock, deadlineMillis, () => this.#running ?? Promise.resolve(), { ref: false });
  }
}
