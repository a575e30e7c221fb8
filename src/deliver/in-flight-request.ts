import type { Group, Outbox } from '../groups/index.js';
import type { Clock } from '../util/index.js';

interface Sent {
  readonly groups: readonly Group[];
  readonly controller: AbortController;
}

/** The request that is not answered yet. A destination has at most one. */
export class InFlightRequest {
  #sent: Sent | undefined;
  #hasEnded = false;

  /** Sends a request that shows these groups. */
  async send<T>(groups: readonly Group[], ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#sent = { groups, controller };
    // The loop may have been on the way to this request when it was ended.
    if (this.#hasEnded) controller.abort();
    try {
      return await ask(controller.signal);
    } finally {
      this.#sent = undefined;
    }
  }

  /** Gives up the answer, and those of all further requests. */
  end(): void {
    this.#hasEnded = true;
    this.#abort();
  }

  #abort(): void {
    this.#sent?.controller.abort();
  }

  /**
   * The exporter closes: gives up the answer if other groups wait, after half of the time, or at once if everything in
   * the request failed before. The returned function ends that.
   */
  closing({ outbox, clock }: { readonly outbox: Outbox; readonly clock: Clock }, deadlineMillis: number): () => void {
    const isSuspect = this.#sent?.groups.every(({ standing }) => standing.failures > 0);
    if (isSuspect) this.#yieldToOthers(outbox);
    const halfMillis = (deadlineMillis - clock.monotonic()) / 2;
    return clock.after(halfMillis, () => this.#yieldToOthers(outbox));
  }

  #yieldToOthers({ groups }: Outbox): void {
    const shown = new Set(this.#sent?.groups.map(({ id }) => id));
    const isWaiting = ({ id, waitingSinceAtMillis }: Group): boolean =>
      waitingSinceAtMillis !== undefined && !shown.has(id);
    if (groups.all().some(isWaiting)) this.#abort();
  }
}
