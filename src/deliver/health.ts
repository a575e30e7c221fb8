import type { Clock } from '../util/index.js';
import { backoffMillis } from './backoff.js';
import { ENDPOINT_STATES, type EndpointEvent, type EndpointState } from './endpoint-states.js';

/** How often a blocked endpoint is tried. */
const PROBE_INTERVAL_MILLIS = 60_000;
/** After this many different messages failed in a row, the endpoint backs off. */
export const DOUBTED_MESSAGES = 3;
/** Until this many different messages failed in a row, the wait stays short, because the next one may pass. */
const PATIENT_MESSAGES = 20;
/** The number of failures whose back-off is the longest short wait: at most 8 s. */
const PATIENT_STRIKES = 3;

/** The health of an endpoint for one kind of request. Times are monotonic milliseconds. */
export class Health {
  readonly #clock: Clock;
  readonly #random: () => number;
  #state: EndpointState = 'ok';
  #notBeforeMillis = Number.NEGATIVE_INFINITY;
  #passedAtMillis = Number.NEGATIVE_INFINITY;
  #strikes = 0;
  /** The messages that failed since the last one that passed. */
  readonly #failed = new Set<string>();
  #hasNewFailure = false;

  constructor({ clock, random }: { readonly clock: Clock; readonly random: () => number }) {
    this.#clock = clock;
    this.#random = random;
  }

  get state(): EndpointState {
    return this.#state;
  }

  /** Time before which no such request is sent. */
  get notBeforeMillis(): number {
    return this.#notBeforeMillis;
  }

  /** When a request last passed; negative infinity when none did. */
  get passedAtMillis(): number {
    return this.#passedAtMillis;
  }

  /** The number of different messages that failed since the last one that passed. */
  get failedMessages(): number {
    return this.#failed.size;
  }

  /** Whether a message that never failed before has failed since the last one that passed. */
  get hasNewFailure(): boolean {
    return this.#hasNewFailure;
  }

  passed(): void {
    this.#passedAtMillis = this.#clock.monotonic();
    this.recovered();
  }

  /** A request of another kind passed, and the failures were of the whole endpoint. */
  recovered(): void {
    this.#step('passed');
    this.#strikes = 0;
    this.#failed.clear();
    this.#hasNewFailure = false;
    this.#notBeforeMillis = Number.NEGATIVE_INFINITY;
  }

  /**
   * A request about this message failed, and the message may be the cause. Another message may pass at once.
   * `isNew`: the message never failed before.
   */
  doubted(message: string, isNew: boolean): void {
    this.#hasNewFailure ||= isNew;
    const isFirst = !this.#failed.has(message);
    const isPatient = isFirst && this.#failed.size < PATIENT_MESSAGES;
    if (isPatient) this.#failed.add(message);
    if (!isPatient) this.failed();
    else if (this.#failed.size > DOUBTED_MESSAGES) this.#fail(Math.min(this.#strikes + 1, PATIENT_STRIKES));
    else this.#doubt();
  }

  /** The endpoint failed for a reason that may pass: the next wait is longer than the last. */
  failed(): void {
    this.#fail(this.#strikes + 1);
  }

  /** The endpoint refuses all requests until a person fixes the cause. */
  refused(): void {
    this.#step('refused');
    this.#wait();
  }

  /** Shortens the wait of a blocked endpoint, for one request. */
  probeSoon(): void {
    this.#notBeforeMillis = this.#clock.monotonic() + backoffMillis(1, this.#random);
  }

  #doubt(): void {
    this.#step('doubted');
    if (this.#state !== 'doubtful') this.#wait();
  }

  #fail(strikes: number): void {
    this.#strikes = Math.max(this.#strikes, strikes);
    this.#step('failed');
    this.#wait();
  }

  #step(event: EndpointEvent): void {
    this.#state = ENDPOINT_STATES[this.#state][event];
  }

  #wait(): void {
    const millis =
      this.#state === 'blocked' ? PROBE_INTERVAL_MILLIS : backoffMillis(Math.max(1, this.#strikes), this.#random);
    this.#notBeforeMillis = this.#clock.monotonic() + millis;
  }
}
