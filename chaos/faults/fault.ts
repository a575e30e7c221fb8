import type { Disk } from '../disk.js';
import type { Place } from '../slack/place.js';

/** A fault of one target. */
export interface Fault {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** A process of the app that a fault can reach. */
export interface FaultySeat {
  /** Sends a message to the app. */
  tell(message: object): void;
  /** Stops the process by SIGSTOP, and continues it. */
  pause(): void;
  resume(): void;
}

/** What a fault affects. Each kind uses its part of it. */
export interface Target {
  readonly place: Place;
  readonly seat: FaultySeat;
  readonly disk: Disk;
  /** A random number from 0 to 999, for kinds with variants. */
  readonly variant: number;
}

/**
 * What a fault disturbs.
 * - `place`: nothing is delivered there meanwhile.
 * - `word`: only messages with a certain word are refused. All others must arrive in time.
 * - `disk`: records may be in memory only. They must arrive in time.
 * - `seat`: the process stands still.
 * - `nothing`: everything must go on as usual.
 */
export type Disturbs = 'place' | 'word' | 'disk' | 'seat' | 'nothing';

/** A kind of fault. */
export interface FaultKind {
  readonly disturbs: Disturbs;
  readonly create: (target: Target) => Fault;
}

/** Returns the item that a variant selects. */
export function selected<T>(items: readonly T[], variant: number): T {
  return items[variant % items.length] as T;
}
