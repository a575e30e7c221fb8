import type { Clock } from '../../../../src/util/index.js';

/** A clock that advances only on request, so that a day passes in seconds. */
export interface SimulatedClock extends Clock {
  /** Sets the wall clock, in milliseconds since 1970. */
  set(nowMillis: number): void;
  /** Advances to this time of the wall clock, timer by timer. */
  advanceTo(nowMillis: number): Promise<void>;
  /** Stops the clock until the promise is settled. */
  holdFor<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly dueMillis: number;
  readonly callback: () => void;
}

/** The longest step of a send loop takes this many turns of the event loop. */
const TURNS_PER_STEP = 4;

/** Creates a {@link SimulatedClock}. */
export function createSimulatedClock(): SimulatedClock {
  const timers = new Set<Timer>();
  const pendingWork = new Set<Promise<unknown>>();
  let elapsedMillis = 0;
  let epochMillis = 0;

  const settle = async (): Promise<void> => {
    do {
      await Promise.allSettled(pendingWork);
      for (let turn = 0; turn < TURNS_PER_STEP; turn++) await new Promise(setImmediate);
    } while (pendingWork.size > 0);
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
      pendingWork.add(work);
      const done = (): void => void pendingWork.delete(work);
      work.then(done, done);
      return work;
    },
  };
}
