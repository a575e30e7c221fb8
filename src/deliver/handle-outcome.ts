import type { LiveMessage } from '../groups/group.js';
import { isPlainText, type Selection } from '../groups/notification.js';
import type { Outbox } from '../groups/outbox.js';
import type { Outcome } from '../slack/types.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { Ledger } from '../telemetry/ledger.js';
import type { Clock } from '../util/clock.js';
import { countedOf } from '../util/text.js';
import type { Place } from './endpoint.js';
import type { Turn } from './rate-limiter.js';

/** What follows from an answer: for the records in the message, and for the time of the next request. */
export interface Settlement {
  /** Something was said, or was to be. */
  settle(outcome: Outcome, selection: Selection, at: Asked): void;
  /** The reactions of a message were asked for. */
  settleLook(outcome: Outcome, message: LiveMessage, at: Asked): void;
}

/** Where and in which turn Slack was asked. */
export interface Asked {
  readonly place: Place;
  readonly turn: Turn;
  /** The name of the place that takes over when this one is parked, if any. */
  readonly fallback: string | undefined;
}

/** What a settlement acts upon. */
export interface SettlementParts {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** Reactions that are answers. A person gives them with a click, on the message. */
const ANSWERS = {
  /** 🔕: not now. */
  silence: 'no_bell',
  /** ✅: it is done. */
  close: 'white_check_mark',
} as const;

/** Makes the {@link Settlement} of one destination. */
export function createSettlement(parts: SettlementParts): Settlement {
  return new DestinationSettlement(parts);
}

class DestinationSettlement implements Settlement {
  readonly #parts: SettlementParts;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  settle(outcome: Outcome, selection: Selection, asked: Asked): void {
    const { outbox, ledger } = this.#parts;
    const { place, turn } = asked;
    switch (outcome.kind) {
      case 'sent':
        ledger.deliver(outbox.sent(selection, place.label, place.canUpdate ? outcome.ref : undefined));
        place.well(outcome.scopes);
        break;
      case 'retry':
        if (outcome.rateLimitedMillis === undefined) this.#retreat(outcome.reason, place);
        else
          this.#comeAgain(outcome.rateLimitedMillis, selection.act === 'update' ? 'update' : 'post', { place, turn });
        break;
      case 'unknown':
        outbox.markUnanswered(selection);
        this.#retreat(outcome.reason, place);
        break;
      case 'refused':
        this.#refused(outcome, selection, asked);
        break;
    }
  }

  settleLook(outcome: Outcome, message: LiveMessage, { place, turn }: Asked): void {
    const { outbox, ledger } = this.#parts;
    // Whatever the answer: what was to be said is said now, and it is looked again before the next time.
    outbox.looked(message);
    if (outcome.kind === 'sent') {
      const { reactions } = outcome;
      if (reactions?.has(ANSWERS.silence)) ledger.drop(outbox.silence(message), 'silenced');
      else if (reactions?.has(ANSWERS.close)) outbox.closeProblems(message);
    } else if (outcome.kind === 'retry' && outcome.rateLimitedMillis !== undefined) {
      this.#comeAgain(outcome.rateLimitedMillis, 'look', { place, turn });
    } else if (outcome.kind === 'refused' && outcome.because === 'message') {
      outbox.freeze(message);
    } else if (outcome.kind === 'refused') {
      place.refuseLooks();
    }
  }

  #retreat(reason: string, place: Place): void {
    place.retreat(reason, countedOf(this.#parts.outbox.pending(), 'record'));
  }

  #comeAgain(millis: number, action: 'post' | 'update' | 'look', { place, turn }: Omit<Asked, 'fallback'>): void {
    this.#parts.ledger.throttle();
    turn.limitUntil(action, this.#parts.clock.monotonic() + millis);
    place.limited(millis);
  }

  #refused({ reason, because }: Outcome & { kind: 'refused' }, selection: Selection, { place, fallback }: Asked): void {
    const { outbox } = this.#parts;
    const { message } = selection;
    if (because === 'destination') place.park(reason, fallback);
    else if (message !== undefined && (because === 'message' || selection.groups.length === 0)) outbox.freeze(message);
    else if (!isPlainText(selection)) {
      outbox.markPlainText(selection);
      this.#warn('refused', place, `Slack refuses the look of a message (${reason}); its text is sent alone`);
    } else if (because === 'payload') this.#reject(reason, selection, place);
    else place.park(reason, fallback);
  }

  /** A message that stands already is left as it is; what it cannot be made to say goes on in a new one. */
  #reject(reason: string, { act, groups, message }: Selection, place: Place): void {
    const { outbox, ledger } = this.#parts;
    if (message !== undefined) outbox.freeze(message);
    if (act !== 'post') return;
    ledger.drop(outbox.giveUp(groups), 'rejected');
    this.#warn('rejected', place, `Slack refuses a message even as plain text (${reason}); it is dropped`);
  }

  #warn(kind: string, { label }: Place, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${label}`, `${label}: ${message}`);
  }
}
