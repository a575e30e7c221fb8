import type { Reply } from '../http/index.js';
import { type Clock, INBOX_LIMITS, type InboxRequest, type JsonObject } from '../model/index.js';
import { BoundedMap } from './bounded-map.js';

/** An entry that is still being written. */
export type OpenRequest = { -readonly [K in keyof InboxRequest]: InboxRequest[K] };

type Listener = (entry: InboxRequest) => void;

/** In the end the poster has the whole answer. */
const HARMLESS_FAULTS: readonly InboxRequest['fault'][] = ['drip', 'slow'];

/** What came in, in the order of arrival; an entry fills up as its request is answered. */
export class RequestLog {
  readonly #clock: Clock;
  readonly #entries = new BoundedMap<OpenRequest, OpenRequest>({
    maxItems: INBOX_LIMITS.requests,
    maxBytes: INBOX_LIMITS.requestLogBytes,
  });

  readonly #refused: Listener[] = [];
  readonly #forgotten: Listener[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once it is known of a request that it was refused, or that a fault spoiled its answer. */
  onRefused(listener: Listener): void {
    this.#refused.push(listener);
  }

  /** Calls back with a request that had to go to make room. */
  onForgotten(listener: Listener): void {
    this.#forgotten.push(listener);
  }

  open(method: string): OpenRequest {
    const entry = { receivedAtMillis: this.#clock.now(), monotonicMillis: performance.now(), method };
    this.#keep(entry, 0);
    return entry;
  }

  /** Notes the body, which counts against what the log may hold. */
  noteBody(entry: OpenRequest, body: JsonObject, bytes: number): void {
    entry.body = body;
    if (this.#entries.get(entry)) this.#keep(entry, bytes);
  }

  /** Copies: what was read once does not change under the reader. */
  all(): InboxRequest[] {
    return this.#entries.values().map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Writes down how a request was answered. */
  settle(entry: OpenRequest, reply: Reply): void {
    entry.status = reply.status;
    if (reply.error !== undefined) entry.error = reply.error;
    if (reply.channel !== undefined) entry.channel = reply.channel;
    if (reply.messageTs !== undefined) entry.messageTs = reply.messageTs;
    const seconds = this.#secondsOf(reply.headers['retry-after']);
    if (seconds !== undefined) entry.retryAfterSeconds = seconds;
    this.#tellIfRefused(entry);
  }

  /** Writes down that something was done to the connection instead of a whole answer. */
  disturb(entry: OpenRequest, status: number | undefined): void {
    if (status !== undefined) entry.status = status;
    this.#tellIfRefused(entry);
  }

  #tellIfRefused(entry: OpenRequest): void {
    const isSpoiled = entry.fault !== undefined && !HARMLESS_FAULTS.includes(entry.fault);
    if (entry.error === undefined && !isSpoiled) return;
    for (const listener of this.#refused) listener(entry);
  }

  #keep(entry: OpenRequest, bytes: number): void {
    for (const gone of this.#entries.set(entry, entry, bytes)) {
      for (const listener of this.#forgotten) listener(gone);
    }
  }

  // Seconds or an HTTP date, as RFC 9110 has it; anything else asks for nothing that can be read.
  #secondsOf(retryAfter: string | undefined): number | undefined {
    if (retryAfter === undefined || retryAfter.trim() === '') return undefined;
    if (Number.isFinite(Number(retryAfter))) return Number(retryAfter);
    const date = Date.parse(retryAfter);
    return Number.isNaN(date) ? undefined : Math.ceil((date - this.#clock.now()) / 1_000);
  }
}
