import type { Clock } from '../../../../src/util/clock.js';

/** A clock that goes as fast as what happens on it is done. */
export interface SimulatedClock extends Clock {
  /** From now on the wall clock shows that: milliseconds since 1970. */
  set(nowMillis: number): void;
  /** Lets time pass until the wall clock shows that, timer by timer. */
  advanceTo(nowMillis: number): Promise<void>;
  /** Time stands still until it is settled. */
  holdFor<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly dueMillis: number;
  readonly callback: () => void;
}

/** So many turns of the event loop the longest step of a sender takes. */
const TURNS = 4;

/** Makes a {@link SimulatedClock}. */
export function createSimulatedClock(): SimulatedClock {
  const timers = new Set<Timer>();
  const working = new Set<Promise<unknown>>();
  let elapsedMillis = 0;
  let epochMillis = 0;

  const settle = async (): Promise<void> => {
    do {
      await Promise.allSettled(working);
      for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
    } while (working.size > 0);
  };
  const nextDueMillis = (): number => {
    let dueMillis = Number.POSITIVE_INFINITY;
    for (const timer of timers) dueMillis = Math.min(dueMillis, timer.dueMillis);
    return dueMillis;
  };
  const fire = (): void => {
    for (const timer of [...timers]) {
      if (timer.dueMillis <= elapsedMillis && timers.delete(timer)) timer.callback();
    }
  };

  return {
    now: () => epochMillis + elapsedMillis,
    monotonic: () => elapsedMillis,
    after(millis, callback) {
      const timer = { dueMillis: elapsedMillis + Math.max(0, millis), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    set(nowMillis) {
      epochMillis = nowMillis - elapsedMillis;
    },
    async advanceTo(nowMillis) {
      const untilMillis = nowMillis - epochMillis;
      await settle();
      for (let due = nextDueMillis(); due <= untilMillis; due = nextDueMillis()) {
        elapsedMillis = Math.max(elapsedMillis, due);
        fire();
        await settle();
      }
      elapsedMillis = Math.max(elapsedMillis, untilMillis);
    },
    holdFor(work) {
      working.add(work);
      const done = (): void => void working.delete(work);
      work.then(done, done);
      return work;
    },
  };
}
