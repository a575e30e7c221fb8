import { type Destination, destinationId, rateLimitScopeId } from '../slack/index.js';
import { type Clock, processGlobal } from '../util/index.js';
import { TokenBucket } from './token-bucket.js';

/** The kinds of requests. Each has its own rate limit. */
export type Action = 'post' | 'update' | 'reactions';

/**
 * The state of Slack's rate limits, shared by all exporters of the process. Slack takes one message a second for each
 * channel, and a 429 applies to its whole scope: the webhook, or the token and the method. So there is a queue for each
 * channel, and a limit and a token bucket for each scope.
 */
export interface RateLimits {
  channelQueue(key: string): ChannelQueue;
  limit(key: string): Limit;
  tokenBucket(key: string): TokenBucket;
}

/** One channel: one request at a time, and the next post a second after the last one was answered. */
interface ChannelQueue {
  /** Resolves when the last turn in the queue is over. */
  tail: Promise<void>;
  /** Monotonic time before which no message may be posted. */
  freeAtMillis: number;
}

/** The rate limit of one scope, as the last 429 set it. */
interface Limit {
  /** Monotonic time before which no request may be sent. */
  liftedAtMillis: number;
}

/** A turn in the queue of a channel. Nobody else sends to the channel until it is left. */
export interface Turn {
  /** Call it when a request is sent. */
  begin(action: Action): void;
  /** Slack answered 429: limits the scope of the action until this monotonic time. */
  limitUntil(action: Action, liftedAtMillis: number): void;
  /** Ends the turn. After a post, the next one follows no earlier than a second from now. */
  leave(): void;
}

/** The time between two posts to a channel, measured from the answer, so that network delays cannot shorten it. */
export const POST_INTERVAL_MILLIS = 1_000;
/**
 * Updates per minute for each token in this process. Slack's limit of 50 is for all processes of the workspace together.
 * Source: https://docs.slack.dev/apis/web-api/rate-limits (tier 3)
 */
export const UPDATES_PER_MINUTE = 20;

/** Returns the rate limits of this process. */
export function processRateLimits(): RateLimits {
  return processGlobal('pace/2', createRateLimits);
}

/** Creates rate limits without any state. Each test has its own. */
export function createRateLimits(): RateLimits {
  const queues = new Map<string, ChannelQueue>();
  const limits = new Map<string, Limit>();
  const buckets = new Map<string, TokenBucket>();
  return {
    channelQueue: (key) =>
      getOrAdd(queues, key, () => ({ tail: Promise.resolve(), freeAtMillis: Number.NEGATIVE_INFINITY })),
    limit: (key) => getOrAdd(limits, key, () => ({ liftedAtMillis: Number.NEGATIVE_INFINITY })),
    tokenBucket: (key) => getOrAdd(buckets, key, () => new TokenBucket(UPDATES_PER_MINUTE)),
  };
}

/** The rate limits of one destination. */
export interface RateLimiter {
  /** Returns the monotonic time from which such a request may be sent, as far as is known now. */
  readyAtMillis(action: Action): number;
  /** Returns the updates per minute that are allowed now. All channels of the token share them. */
  updatesPerMinute(): number;
  /** Waits until nobody else sends to the channel. Resolves with `undefined` when the signal aborts first. */
  enter(signal: AbortSignal): Promise<Turn | undefined>;
}

/** Creates the limiter of a destination. The keys of `RateLimits` are hashes, because `globalThis` must not hold a secret. */
export function createRateLimiter(destination: Destination, rateLimits: RateLimits, clock: Clock): RateLimiter {
  const queue = rateLimits.channelQueue(destinationId(destination));
  const scopes = scopesOf(destination, rateLimits);
  return {
    readyAtMillis(action) {
      const { limit, bucket } = scopes[action];
      if (action === 'post') return Math.max(queue.freeAtMillis, limit.liftedAtMillis);
      return Math.max(limit.liftedAtMillis, bucket.readyAtMillis(clock.monotonic()));
    },
    updatesPerMinute: () => scopes.update.bucket.allowed(clock.monotonic()),
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

/** The limits of an action for all channels of a token. */
interface Scope {
  readonly limit: Limit;
  readonly bucket: TokenBucket;
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
      else scopes[action].bucket.spend(clock.monotonic());
    },
    limitUntil(action, liftedAtMillis) {
      const { limit, bucket } = scopes[action];
      limit.liftedAtMillis = Math.max(limit.liftedAtMillis, liftedAtMillis);
      if (action !== 'post') bucket.halve(clock.monotonic());
    },
    leave() {
      if (isPosting) queue.freeAtMillis = clock.monotonic() + POST_INTERVAL_MILLIS;
      release();
    },
  };
}

/** Waits for a turn. A caller that aborts keeps its position, and its turn ends as soon as it comes. */
async function takeTurn(queue: ChannelQueue, signal: AbortSignal): Promise<() => void> {
  const previous = queue.tail;
  let leave = (): void => {};
  queue.tail = new Promise((resolve) => {
    leave = resolve;
  });
  await resolvedOrAborted(previous, signal);
  return () => void previous.then(leave);
}

/** Waits for the promise or the signal, and removes its listener: a signal may live as long as the process. */
async function resolvedOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
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

function scopesOf(destination: Destination, rateLimits: RateLimits): Scopes {
  const scope = (method: string): Scope => {
    const id = rateLimitScopeId(destination, method);
    return { limit: rateLimits.limit(id), bucket: rateLimits.tokenBucket(id) };
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
