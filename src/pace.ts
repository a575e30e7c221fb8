import { createHash } from 'node:crypto';
import { type Clock, sleepUntil } from './clock.js';
import type { Destination } from './message.js';
import { processWideStore } from './process-wide.js';

/**
 * Slack takes one message a second a channel, whoever in the process sends it, and a 429 holds for its whole scope. So
 * pace and limits are kept for the process: a lane for each channel, a limit for each scope.
 */
export interface PaceBook {
  lane(key: string): Lane;
  limit(key: string): Limit;
}

/** One channel: one request at a time, and the next one a second after the last one was answered. */
interface Lane {
  /** Resolves when the one before has left. */
  tail: Promise<void>;
  /** Monotonic time before which nothing may be sent. */
  freeAtMillis: number;
}

/** What one 429 holds for. */
interface Limit {
  /** Monotonic time before which nothing may be sent. */
  liftedAtMillis: number;
}

/** A turn in the lane: while it is held nobody else sends to that channel. */
export interface Turn {
  /** Monotonic time until which the scope is limited, as Slack said just now. */
  limitUntil(liftedAtMillis: number): void;
  /** The request is answered: the next one keeps its distance from now. */
  leave(): void;
}

/** One post a second a channel, counted from the answer, so that no delay on the way brings two closer together. */
export const PACE_MILLIS = 1_000;

/** The process's own book. */
export function processPaceBook(): PaceBook {
  return processWideStore('pace', createPaceBook);
}

/** Makes an empty book; tests have one each. */
export function createPaceBook(): PaceBook {
  const lanes = new Map<string, Lane>();
  const limits = new Map<string, Limit>();
  return {
    lane: (key) => getOrAdd(lanes, key, () => ({ tail: Promise.resolve(), freeAtMillis: Number.NEGATIVE_INFINITY })),
    limit: (key) => getOrAdd(limits, key, () => ({ liftedAtMillis: Number.NEGATIVE_INFINITY })),
  };
}

/** A destination's place in the book. */
export interface Pace {
  /** Monotonic time from which a request may be made, as far as is known now. */
  readyAtMillis(): number;
  /** Waits for the lane, the pace, the limit and `notBeforeMillis()`; `undefined` when signal or patience ended first. */
  turn(options: TurnOptions): Promise<Turn | undefined>;
}

/** Options of {@link Pace.turn}. */
export interface TurnOptions {
  /** Monotonic time, asked again after each wait. */
  readonly notBeforeMillis: () => number;
  /** Gives up when it has waited for so long. */
  readonly patienceMillis: number;
  readonly signal: AbortSignal;
}

/** Finds a destination's lane and limit. The book's keys are hashes: it hangs on `globalThis`, where a secret must not. */
export function createPace(destination: Destination, book: PaceBook, clock: Clock): Pace {
  const { laneKey, limitKey } = keysOf(destination);
  const lane = book.lane(laneKey);
  const limit = book.limit(limitKey);
  const readyAtMillis = (): number => Math.max(lane.freeAtMillis, limit.liftedAtMillis);
  return {
    readyAtMillis,
    async turn({ notBeforeMillis, patienceMillis, signal }) {
      const giveUpMillis = clock.monotonic() + patienceMillis;
      const release = await enter(lane, signal);
      for (;;) {
        const dueMillis = Math.max(readyAtMillis(), notBeforeMillis());
        if (!signal.aborted && dueMillis <= clock.monotonic()) break;
        if (signal.aborted || clock.monotonic() >= giveUpMillis) {
          release();
          return undefined;
        }
        await sleepUntil(clock, Math.min(dueMillis, giveUpMillis), { signal });
      }
      return {
        limitUntil: (liftedAtMillis) => {
          limit.liftedAtMillis = Math.max(limit.liftedAtMillis, liftedAtMillis);
        },
        leave() {
          lane.freeAtMillis = clock.monotonic() + PACE_MILLIS;
          release();
        },
      };
    },
  };
}

/** Queues for the lane. Who gives up waiting lets the next one through when its own turn comes. */
async function enter(lane: Lane, signal: AbortSignal): Promise<() => void> {
  const before = lane.tail;
  let leave = (): void => {};
  lane.tail = new Promise((resolve) => {
    leave = resolve;
  });
  await beforeAbort(before, signal);
  return () => void before.then(leave);
}

/** Waits for the promise or the signal, and takes the listener off again: a signal may live as long as the process. */
async function beforeAbort(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    void promise.then(end);
  });
}

/** Webhook: the URL, for both. Web API: the channel has the lane, the method of the token's workspace has the limit. */
function keysOf(destination: Destination): { readonly laneKey: string; readonly limitKey: string } {
  if (destination.kind === 'webhook') {
    const key = hashed('webhook', destination.url);
    return { laneKey: key, limitKey: key };
  }
  const { apiUrl, token, channel } = destination;
  return {
    laneKey: hashed('channel', apiUrl, token, channel),
    limitKey: hashed('method', apiUrl, token, 'chat.postMessage'),
  };
}

function hashed(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

function getOrAdd<T>(map: Map<string, T>, key: string, create: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = create();
  map.set(key, made);
  return made;
}
