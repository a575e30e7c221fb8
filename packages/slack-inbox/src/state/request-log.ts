import type { Reply } from '../http/index.js';
import { type Clock, INBOX_LIMITS, type InboxRequest, type JsonObject } from '../model/index.js';
import { BoundedMap } from './bounded-map.js';

/** An entry whose request is not answered yet. */
export type OpenRequest = { -readonly [K in keyof InboxRequest]: InboxRequest[K] };

type Listener = (entry: InboxRequest) => void;

/** Faults after which the client still gets the whole answer. */
const DELAYING_FAULTS: readonly InboxRequest['fault'][] = ['drip', 'slow'];

/** All requests in the order of arrival. An entry is completed when its request is answered. */
export class RequestLog {
  readonly #clock: Clock;
  readonly #entries = new BoundedMap<OpenRequest, OpenRequest>({
    maxItems: INBOX_LIMITS.requests,
    maxBytes: INBOX_LIMITS.requestLogBytes,
  });

  readonly #refusedListeners: Listener[] = [];
  readonly #evictedListeners: Listener[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls the listener when a request was refused, or when a fault prevented a correct answer. */
  onRefused(listener: Listener): void {
    this.#refusedListeners.push(listener);
  }

  /** Calls the listener with each request that was evicted because the log is full. */
  onEvicted(listener: Listener): void {
    this.#evictedListeners.push(listener);
  }

  open(method: string): OpenRequest {
    const entry = { receivedAtMillis: this.#clock.now(), monotonicMillis: performance.now(), method };
    this.#store(entry, 0);
    return entry;
  }

  /** Adds the body, whose size counts against the limit of the log. */
  addBody(entry: OpenRequest, body: JsonObject, bytes: number): void {
    entry.body = body;
    if (this.#entries.get(entry)) this.#store(entry, bytes);
  }

  /** Returns copies, because the entries still change. */
  all(): InboxRequest[] {
    return this.#entries.values().map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Completes an entry with the answer. */
  settle(entry: OpenRequest, reply: Reply): void {
    entry.status = reply.status;
    if (reply.error !== undefined) entry.error = reply.error;
    if (reply.channel !== undefined) entry.channel = reply.channel;
    if (reply.messageTs !== undefined) entry.messageTs = reply.messageTs;
    const seconds = this.#secondsOf(reply.headers['retry-after']);
    if (seconds !== undefined) entry.retryAfterSeconds = seconds;
    this.#notifyIfRefused(entry);
  }

  /** Completes an entry whose connection was interrupted by a fault. @param status the status that was sent, if any */
  settleWithoutReply(entry: OpenRequest, status: number | undefined): void {
    if (status !== undefined) entry.status = status;
    this.#notifyIfRefused(entry);
  }

  #notifyIfRefused(entry: OpenRequest): void {
    const isFailed = entry.fault !== undefined && !DELAYING_FAULTS.includes(entry.fault);
    if (entry.error === undefined && !isFailed) return;
    for (const listener of this.#refusedListeners) listener(entry);
  }

  #store(entry: OpenRequest, bytes: number): void {
    for (const evicted of this.#entries.set(entry, entry, bytes)) {
      for (const listener of this.#evictedListeners) listener(evicted);
    }
  }

  // RFC 9110 allows seconds or an HTTP date.
  #secondsOf(retryAfter: string | undefined): number | undefined {
    if (retryAfter === undefined || retryAfter.trim() === '') return undefined;
    if (Number.isFinite(Number(retryAfter))) return Number(retryAfter);
    const date = Date.parse(retryAfter);
    return Number.isNaN(date) ? undefined : Math.ceil((date - this.#clock.now()) / 1_000);
  }
}
