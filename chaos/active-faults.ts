import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults/index.js';

/** The faults that have started and not stopped. */
export class ActiveFaults {
  readonly #stops = new Set<() => Promise<void>>();

  /** Stops a fault after its time, or when all are stopped. Resolves then. */
  async hold(fault: Fault, millis: number): Promise<void> {
    const over = new AbortController();
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      stopped ??= Promise.resolve(fault.stop());
      over.abort();
      await stopped;
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    await sleep(millis, undefined, { signal: over.signal }).catch(() => {});
    await stop();
  }

  async stopAll(): Promise<void> {
    for (const stop of [...this.#stops]) await stop();
  }
}
