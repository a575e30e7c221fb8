import { choose } from './choose.js';
import { sleepUntil } from './clock.js';
import type { Compose } from './compose.js';
import { countRecords } from './group.js';
import type { Outcome, SlackMessage } from './message.js';
import { asOwn } from './own-context.js';
import type { Pace, Turn } from './pace.js';
import type { RecordView } from './record.js';
import { createSettlement, type Settlement, type SettlementParts } from './settle.js';
import { createSignal, type Signal } from './signal.js';
import { countedOf } from './text.js';

/** The only thing that talks to its destination: a loop of choose, render, pace, send, settle. */
export interface Sender {
  /** Takes a record, and as many equal ones as `count` says, into its group. */
  accept(view: RecordView, fingerprint: string, count?: number): void;
  /** From now on, and until the returned function is called, what waits goes out in as few messages as possible. */
  hurry(): () => void;
  /** Waits until nothing waits any more, or nothing can be said before the deadline. Monotonic milliseconds. */
  flush(deadlineMillis: number): Promise<void>;
  /** The same, and then ends: what is left is dropped and counted. */
  close(deadlineMillis: number): Promise<void>;
}

/** What a sender is made of. */
export interface SenderParts extends SettlementParts {
  readonly pace: Pace;
  readonly compose: Compose;
  readonly post: (message: SlackMessage, signal: AbortSignal) => Promise<Outcome>;
}

/** A record that could not be shown for so long is of no use to anybody. */
const RETENTION_MILLIS = 24 * 3_600_000;

/** However long Slack asks to wait: so often it is looked whether something has waited too long. */
const PATIENCE_MILLIS = 3_600_000;

/** Starts the loop. It keeps neither the process nor a timer alive while nothing waits. */
export function startSender(parts: SenderParts): Sender {
  return new SenderLoop(parts);
}

class SenderLoop implements Sender {
  readonly #parts: SenderParts;
  readonly #settlement: Settlement;
  readonly #stop = new AbortController();
  readonly #arrived: Signal = createSignal();
  readonly #stepped: Signal = createSignal();
  readonly #ended: Promise<void>;
  /** Flushes under way. */
  #hurrying = 0;
  #isSending = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#settlement = createSettlement(parts);
    this.#ended = this.#run();
  }

  accept(view: RecordView, fingerprint: string, count = 1): void {
    this.#parts.outbox.fold(view, fingerprint, count);
    this.#parts.ledger.accept(count);
    this.#arrived.fire();
  }

  hurry(): () => void {
    this.#hurrying++;
    return () => {
      this.#hurrying--;
    };
  }

  async flush(deadlineMillis: number): Promise<void> {
    const { clock, outbox } = this.#parts;
    const done = new AbortController();
    // With a reference: a process that waits for its flush must not end before it.
    const over = sleepUntil(clock, deadlineMillis, { signal: done.signal, ref: true });
    const relax = this.hurry();
    while (outbox.pending() > 0 && clock.monotonic() < deadlineMillis && !this.#isHopeless(deadlineMillis)) {
      await Promise.race([this.#stepped.next(), over]);
    }
    relax();
    done.abort();
  }

  async close(deadlineMillis: number): Promise<void> {
    await this.flush(deadlineMillis);
    this.#stop.abort();
    this.#arrived.fire();
    await this.#ended;
    dropAll(this.#parts);
    this.#stepped.fire();
  }

  /** Whether the next request cannot be made before the deadline: then there is nothing to wait for. */
  #isHopeless(deadlineMillis: number): boolean {
    const nextMillis = Math.max(this.#parts.pace.readyAtMillis(), this.#settlement.notBeforeMillis());
    return !this.#isSending && nextMillis > deadlineMillis;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#step();
      } catch (error) {
        // A mistake of ours must cost neither the app nor the loop.
        this.#settlement.retreat(error instanceof Error ? error.name : 'a mistake of ours');
      }
      this.#stepped.fire();
    }
  }

  async #step(): Promise<void> {
    const { outbox, pace } = this.#parts;
    expire(this.#parts);
    if (outbox.pending() === 0) return this.#arrived.next();
    const turn = await pace.turn({
      notBeforeMillis: () => this.#settlement.notBeforeMillis(),
      patienceMillis: PATIENCE_MILLIS,
      signal: this.#stop.signal,
    });
    if (turn === undefined) return;
    this.#isSending = true;
    try {
      await this.#say(turn);
    } finally {
      this.#isSending = false;
      turn.leave();
    }
  }

  /** Chosen and rendered now and not before the wait: what is said are the counts of this moment. */
  async #say(turn: Turn): Promise<void> {
    const { outbox, ledger, compose, post, diagnostics, label } = this.#parts;
    // The SDK hands over batch after batch without a pause; one message is to hold them all.
    if (this.#hurrying > 0) await new Promise(setImmediate);
    const selection = choose({ groups: outbox.waiting(), rest: outbox.rest(), isHurried: this.#hurrying > 0 });
    if (selection === undefined) return;
    const message = compose(selection);
    ledger.request();
    const outcome = await asOwn(() => post(message, this.#stop.signal));
    const records = countedOf(countRecords(selection), 'record');
    diagnostics.debug(`${label}: a ${selection.kind} message of ${records}: ${outcome.kind}`);
    this.#settlement.settle(outcome, selection, turn);
  }
}

function expire({ label, outbox, ledger, clock, diagnostics }: SenderParts): void {
  const records = outbox.settle(outbox.waitingSinceBefore(clock.monotonic() - RETENTION_MILLIS));
  if (records === 0) return;
  ledger.drop(records, 'expired');
  diagnostics.warn(
    `expired ${label}`,
    `${label}: ${countedOf(records, 'record')} could not be sent for a day; dropped`,
  );
}

/** What stands in a request that was never answered may have been shown; the others were not. */
function dropAll({ label, outbox, ledger, diagnostics }: SenderParts): void {
  const left = outbox.waitingSinceBefore(Number.POSITIVE_INFINITY);
  const unconfirmed = left.groups.reduce((sum, group) => sum + Math.min(group.unanswered, group.count), 0);
  const records = outbox.settle(left);
  ledger.drop(unconfirmed, 'unconfirmed');
  ledger.drop(records - unconfirmed, 'shutdown');
  if (records === 0) return;
  const maybe = unconfirmed > 0 ? ` (${countedOf(unconfirmed, 'record')} may have arrived)` : '';
  diagnostics.warn(
    `shutdown ${label}`,
    `${label}: ${countedOf(records, 'record')} not delivered before shutdown${maybe}`,
  );
}
