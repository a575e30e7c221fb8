import { type Destination, destinationId, rateLimitScopeId } from '../slack/index.js';
import { type Clock, processGlobal, systemClock } from '../util/index.js';
import { SharedLimit } from './shared-limit.js';
import { createThreadLimits, type ThreadLimits } from './thread-limits.js';
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
  /** The part that all threads of the process share. Absent in tests, which have a time of their own. */
  readonly threads?: (ThreadLimits & { readonly settledAtMillis: number }) | undefined;
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
  return processGlobal('pace/3', () => ({ ...createRateLimits(), threads: createThreadLimits() }));
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
  /** An answer of Slack names the id of the channel. From then on, all names of one channel are one channel. */
  channelIs(id: string): void;
}

/** Creates the limiter of a destination. The keys of `RateLimits` are hashes, because `globalThis` must not hold a secret. */
export function createRateLimiter(destination: Destination, rateLimits: RateLimits, clock: Clock): RateLimiter {
  let channel = channelOf(destination, rateLimits, clock);
  const scopes = scopesOf(destination, rateLimits, clock);
  return {
    readyAtMillis(action) {
      const { limit, bucket, shared } = scopes[action];
      const nowMillis = clock.monotonic();
      const liftedAtMillis = Math.max(limit.liftedAtMillis, shared.notBeforeMillis());
      if (action === 'post')
        return Math.max(channel.queue.freeAtMillis, channel.shared.notBeforeMillis(), liftedAtMillis);
      return Math.max(liftedAtMillis, bucket.readyAtMillis(nowMillis), shared.oldestMillis() + MINUTE_MILLIS);
    },
    updatesPerMinute: () => scopes.update.bucket.allowed(clock.monotonic()),
    async enter(signal) {
      const current = channel;
      const leave = await takeTurn(current.queue, signal);
      await current.shared.lock(signal);
      if (!signal.aborted) return createTurn({ channel: current, scopes, clock, leave });
      current.shared.unlock();
      leave();
      return undefined;
    },
    channelIs(id) {
      if (destination.kind !== 'channel' || destination.channel === id) return;
      const known = channelOf({ ...destination, channel: id }, rateLimits, clock);
      if (known.queue === channel.queue) return;
      const { freeAtMillis } = channel.queue;
      known.queue.freeAtMillis = Math.max(known.queue.freeAtMillis, freeAtMillis);
      channel = known;
    },
  };
}

const MINUTE_MILLIS = 60_000;

/** A channel, in this thread and in all. */
interface Channel {
  readonly queue: ChannelQueue;
  readonly shared: SharedLimit;
}

function sharedLimit(id: string, { threads }: RateLimits, clock: Clock): SharedLimit {
  // A replaced clock has a time of its own, which the other threads do not know.
  const limit = clock === systemClock ? threads?.(id) : undefined;
  return new SharedLimit(limit, threads?.settledAtMillis ?? Number.NEGATIVE_INFINITY, clock);
}

function channelOf(destination: Destination, rateLimits: RateLimits, clock: Clock): Channel {
  const id = destinationId(destination);
  return { queue: rateLimits.channelQueue(id), shared: sharedLimit(id, rateLimits, clock) };
}

/** The limits of an action for all channels of a token. */
interface Scope {
  readonly limit: Limit;
  readonly bucket: TokenBucket;
  readonly shared: SharedLimit;
}

type Scopes = Readonly<Record<Action, Scope>>;

interface TurnParts {
  readonly channel: Channel;
  readonly scopes: Scopes;
  readonly clock: Clock;
  readonly leave: () => void;
}

function createTurn({ channel, scopes, clock, leave }: TurnParts): Turn {
  let isPosting = false;
  return {
    begin(action) {
      if (action === 'post') {
        isPosting = true;
        return;
      }
      scopes[action].bucket.spend(clock.monotonic());
      scopes[action].shared.count();
    },
    limitUntil(action, liftedAtMillis) {
      const { limit, bucket, shared } = scopes[action];
      limit.liftedAtMillis = Math.max(limit.liftedAtMillis, liftedAtMillis);
      shared.delay(liftedAtMillis);
      if (action !== 'post') bucket.halve(clock.monotonic());
    },
    leave() {
      if (isPosting) {
        channel.queue.freeAtMillis = clock.monotonic() + POST_INTERVAL_MILLIS;
        channel.shared.delay(channel.queue.freeAtMillis);
      }
      channel.shared.unlock();
      leave();
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

function scopesOf(destination: Destination, rateLimits: RateLimits, clock: Clock): Scopes {
  const scope = (method: string): Scope => {
    const id = rateLimitScopeId(destination, method);
    const shared = sharedLimit(id, rateLimits, clock);
    return { limit: rateLimits.limit(id), bucket: rateLimits.tokenBucket(id), shared };
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
