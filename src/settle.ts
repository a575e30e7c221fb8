import { isPlainText, type Selection } from './choose.js';
import type { Clock } from './clock.js';
import type { Diagnostics } from './diagnostics.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './message.js';
import type { Outbox } from './outbox.js';
import type { Turn } from './pace.js';
import { backoffMillis } from './retry.js';
import { knownError } from './slack/errors.js';
import { counted, countedOf } from './text.js';

/** What follows from the outcome of a request: for the records in it, and for the time of the next one. */
export interface Settlement {
  /** Monotonic time before which this destination is not to be tried. */
  notBeforeMillis(): number;
  settle(outcome: Outcome, selection: Selection, turn: Turn): void;
  /** It did not work, whatever it was: wait longer than the last time. */
  retreat(reason: string): void;
}

/** What a settlement acts upon. */
export interface SettlementParts {
  /** For people; holds no secret. */
  readonly label: string;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly diagnostics: Diagnostics;
}

/** A wait that a person should know of. */
const LONG_LIMIT_MILLIS = 60_000;
/** How often a destination that a person must mend is tried. */
const PROBE_MILLIS = 60_000;

/** Makes a {@link Settlement} for one destination. */
export function createSettlement(parts: SettlementParts): Settlement {
  return new DestinationSettlement(parts);
}

class DestinationSettlement implements Settlement {
  readonly #parts: SettlementParts;
  #failures = 0;
  #notBeforeMillis = Number.NEGATIVE_INFINITY;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  notBeforeMillis(): number {
    return this.#notBeforeMillis;
  }

  settle(outcome: Outcome, selection: Selection, turn: Turn): void {
    switch (outcome.kind) {
      case 'sent':
        this.#deliver(selection);
        break;
      case 'retry':
        if (outcome.rateLimitedMillis === undefined) this.retreat(outcome.reason);
        else this.#comeAgain(outcome.rateLimitedMillis, turn);
        break;
      case 'unknown':
        this.#parts.outbox.markUnanswered(selection);
        this.retreat(outcome.reason);
        break;
      case 'refused':
        if (outcome.because === 'destination') this.#park(outcome.reason);
        else this.#refuse(outcome, selection);
        break;
    }
  }

  retreat(reason: string): void {
    const { clock, random, label, outbox } = this.#parts;
    this.#failures++;
    this.#notBeforeMillis = clock.monotonic() + backoffMillis(this.#failures, random);
    const waiting = countedOf(outbox.pending(), 'record');
    this.#warn('retreat', `${label}: no good answer from Slack (${reason}). It is tried again; waiting: ${waiting}`);
  }

  #deliver(selection: Selection): void {
    const { ledger, outbox, diagnostics, label } = this.#parts;
    ledger.deliver(outbox.settle(selection));
    this.#failures = 0;
    this.#notBeforeMillis = Number.NEGATIVE_INFINITY;
    for (const kind of ['retreat', 'park', 'limited']) diagnostics.mended(`${kind} ${label}`);
  }

  #comeAgain(rateLimitedMillis: number, turn: Turn): void {
    this.#parts.ledger.throttle();
    turn.limitUntil(this.#parts.clock.monotonic() + rateLimitedMillis);
    if (rateLimitedMillis < LONG_LIMIT_MILLIS) return;
    const seconds = counted(Math.ceil(rateLimitedMillis / 1_000));
    this.#warn(
      'limited',
      `${this.#parts.label}: Slack asks to wait for ${seconds} s; until then records wait, at most a day`,
    );
  }

  /** Nothing is dropped: it all goes out when a person has mended the destination. */
  #park(reason: string): void {
    const { clock, label } = this.#parts;
    this.#notBeforeMillis = clock.monotonic() + PROBE_MILLIS;
    const remedy = knownError(reason)?.remedy ?? 'look it up in https://docs.slack.dev';
    this.#warn('park', `${label}: the answer is ${reason}: ${remedy}. Until then records wait, at most a day`);
  }

  #refuse({ reason, because }: Outcome & { kind: 'refused' }, selection: Selection): void {
    const { ledger, outbox, label } = this.#parts;
    if (!isPlainText(selection)) {
      outbox.markPlainText(selection);
      this.#warn('refused', `${label}: Slack refuses the look of a message (${reason}); its text is sent alone`);
    } else if (because === 'unclear') {
      this.#park(reason);
    } else {
      ledger.drop(outbox.settle(selection), 'rejected');
      this.#warn('rejected', `${label}: Slack refuses a message even as plain text (${reason}); it is dropped`);
    }
  }

  #warn(kind: string, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${this.#parts.label}`, message);
  }
}
