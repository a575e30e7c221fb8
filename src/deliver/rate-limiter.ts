import { destinationId, rateLimitScopeId } from '../slack/destination-id.js';
import type { Destination } from '../slack/types.js';
import type { Clock } from '../util/clock.js';
import { processGlobal } from '../util/process-globals.js';
import { TokenBucket } from './token-bucket.js';

/** What is asked of Slack: each has limits of its own. */
export type Action = 'post' | 'update' | 'reactions';

/**
 * Slack takes one message a second a channel, whoever in the process sends it, and a 429 holds for its whole scope. So
 * pace, limits and budgets are kept for the process: a queue for each channel, a limit and a budget for each scope.
 */
export interface RateLimits {
  channelQueue(key: string): ChannelQueue;
  limit(key: string): Limit;
  tokenBucket(key: string): TokenBucket;
}

/** One channel: one request at a time, and the next post a second after the last one was answered. */
interface ChannelQueue {
  /** Resolves when the one before has left. */
  tail: Promise<void>;
  /** Monotonic time before which nothing may be posted. */
  freeAtMillis: number;
}

/** What one 429 holds for. */
interface Limit {
  /** Monotonic time before which nothing may be sent. */
  liftedAtMillis: number;
}

/** A turn in the queue: while it is held nobody else sends to that channel. */
export interface Turn {
  /** A request of that kind is made now. */
  begin(action: Action): void;
  /** Monotonic time until which the scope of that action is limited, as Slack said just now. */
  limitUntil(action: Action, liftedAtMillis: number): void;
  /** The request is answered, if there was one: the next post keeps its distance from now. */
  leave(): void;
}

/** One post a second a channel, counted from the answer, so that no delay on the way brings two closer together. */
export const POST_INTERVAL_MILLIS = 1_000;
/**
 * Updates a minute for a token and process. Slack's limit of 50 is that of all processes of the workspace together.
 * Source: https://docs.slack.dev/apis/web-api/rate-limits (tier 3)
 */
export const UPDATES_PER_MINUTE = 20;

/** The process's own book. */
export function processRateLimits(): RateLimits {
  return processGlobal('pace/2', createRateLimits);
}

/** Makes an empty book; tests have one each. */
export function createRateLimits(): RateLimits {
  const lanes = new Map<string, ChannelQueue>();
  const limits = new Map<string, Limit>();
  const budgets = new Map<string, TokenBucket>();
  return {
    channelQueue: (key) =>
      getOrAdd(lanes, key, () => ({ tail: Promise.resolve(), freeAtMillis: Number.NEGATIVE_INFINITY })),
    limit: (key) => getOrAdd(limits, key, () => ({ liftedAtMillis: Number.NEGATIVE_INFINITY })),
    tokenBucket: (key) => getOrAdd(budgets, key, () => new TokenBucket(UPDATES_PER_MINUTE)),
  };
}

/** A destination's place in the book. */
export interface RateLimiter {
  /** Monotonic time from which such a request may be made, as far as is known now. */
  readyAtMillis(action: Action): number;
  /** Waits until nobody else sends to the channel; `undefined` when the signal came first. */
  enter(signal: AbortSignal): Promise<Turn | undefined>;
}

/** Finds a destination's queue and limits. The book's keys are hashes: it hangs on `globalThis`, where a secret must not. */
export function createRateLimiter(destination: Destination, book: RateLimits, clock: Clock): RateLimiter {
  const queue = book.channelQueue(destinationId(destination));
  const scopes = scopesOf(destination, book);
  return {
    readyAtMillis(action) {
      const { limit, budget } = scopes[action];
      if (action === 'post') return Math.max(queue.freeAtMillis, limit.liftedAtMillis);
      return Math.max(limit.liftedAtMillis, budget.readyAtMillis(clock.monotonic()));
    },
    async enter(signal) {
      const release = await takeTurn(queue, signal);
      if (signal.aborted) {
        release();
        return undefined;
      }
      return createTurn({ queue, scopes, clock, release });
    },
  };
}

/** What holds for an action, whatever the channel. */
interface Scope {
  readonly limit: Limit;
  readonly budget: TokenBucket;
}

type Scopes = Readonly<Record<Action, Scope>>;

interface TurnParts {
  readonly queue: ChannelQueue;
  readonly scopes: Scopes;
  readonly clock: Clock;
  readonly release: () => void;
}

function createTurn({ queue, scopes, clock, release }: TurnParts): Turn {
  let isPosting = false;
  return {
    begin(action) {
      if (action === 'post') isPosting = true;
      else scopes[action].budget.spend(clock.monotonic());
    },
    limitUntil(action, liftedAtMillis) {
      const { limit, budget } = scopes[action];
      limit.liftedAtMillis = Math.max(limit.liftedAtMillis, liftedAtMillis);
      if (action !== 'post') budget.halve(clock.monotonic());
    },
    leave() {
      if (isPosting) queue.freeAtMillis = clock.monotonic() + POST_INTERVAL_MILLIS;
      release();
    },
  };
}

/** Queues for the queue. Who gives up waiting lets the next one through when its own turn comes. */
async function takeTurn(queue: ChannelQueue, signal: AbortSignal): Promise<() => void> {
  const before = queue.tail;
  let leave = (): void => {};
  queue.tail = new Promise((resolve) => {
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

function scopesOf(destination: Destination, book: RateLimits): Scopes {
  const scope = (method: string): Scope => {
    const id = rateLimitScopeId(destination, method);
    return { limit: book.limit(id), budget: book.tokenBucket(id) };
  };
  return { post: scope('chat.postMessage'), update: scope('chat.update'), reactions: scope('reactions.get') };
}

function getOrAdd<T>(map: Map<string, T>, key: string, create: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = create();
  map.set(key, made);
  return made;
}
