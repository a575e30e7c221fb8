import type { LiveMessage } from '../groups/group.js';
import type { Selection } from '../groups/notification.js';
import type { KeptRecords } from '../groups/saved/group-codec.js';
import type { Said } from '../groups/saved/notification-codec.js';
import { requestFor } from '../plan/build-notification.js';
import { choose, type Plan, type Situation } from '../plan/choose.js';
import type { GivenMention } from '../plan/mention-limiter.js';
import type { RecordView } from '../record/read-record.js';
import type { LastWord, SlackRequest } from '../slack/types.js';
import { asOwn } from '../telemetry/loop-guard.js';
import { sleepUntil } from '../util/clock.js';
import { createSignal, type Signal } from '../util/signal.js';
import { countedOf } from '../util/text.js';
import { dropAll, dropUnkept, expire } from './drop-undelivered.js';
import type { Place } from './endpoint.js';
import { Places } from './failover.js';
import { createSettlement, type Settlement } from './handle-outcome.js';
import type { Turn } from './rate-limiter.js';
import type { Sender, SenderParts } from './sender.js';

/** However long there is nothing to say: so often it is looked whether something has waited too long. */
const PATIENCE_MILLIS = 3_600_000;
/** While nothing can be posted anyway, what comes is looked at no more often. */
const CALM_MILLIS = 100;
/** What comes so soon after a digest belongs to the same burst, and goes out together as well. */
const STRAGGLERS_MILLIS = 10_000;
/** Choosing, rendering and sending so many takes a millisecond each. */
const MANY_ROWS = 200;
/** What was looked at just now is not looked at again for nothing. */
const LOOK_EVERY_MILLIS = 9_000;

/** Starts the loop. It keeps neither the process nor a timer alive while nothing waits. */
export function startSender(parts: SenderParts): Sender {
  return new SenderLoop(parts);
}

class SenderLoop implements Sender {
  readonly #parts: SenderParts;
  readonly #settlement: Settlement;
  readonly #places: Places;
  readonly #stop = new AbortController();
  readonly #arrived: Signal = createSignal();
  readonly #stepped: Signal = createSignal();
  readonly #released: Signal = createSignal();
  readonly #ended: Promise<void>;
  /** Batches that are being folded. */
  #held = 0;
  /** Flushes under way. */
  #hurrying = 0;
  #isSending = false;
  #isClosing = false;
  #lastDigestAtMillis = Number.NEGATIVE_INFINITY;
  #lastSelection: Selection | undefined;
  /** The quiet hours are over, or not yet, and what waited for their end was not said. */
  #isAfterQuietHours = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#settlement = createSettlement(parts);
    this.#places = new Places(parts);
    this.#ended = this.#run();
  }

  accept(view: RecordView, fingerprint: string, count = 1): void {
    const { outbox, ledger } = this.#parts;
    ledger.accept(count);
    if (this.#stop.signal.aborted) {
      ledger.drop(count, 'shutdown');
      return;
    }
    ledger.drop(outbox.fold(view, fingerprint, count), 'silenced');
    this.#arrived.fire();
  }

  lose(records: number): void {
    this.#parts.outbox.lose(records);
    this.#arrived.fire();
  }

  restore(records: KeptRecords, id: string, writtenAtMillis: number): void {
    const { outbox, ledger } = this.#parts;
    // It stays on the disk, for the next process.
    if (this.#stop.signal.aborted) return;
    ledger.accept(records.records);
    ledger.drop(outbox.restore(records, id, writtenAtMillis), 'silenced');
    this.#arrived.fire();
  }

  recall(said: ReadonlyMap<string, Said>): void {
    const { outbox, ledger } = this.#parts;
    ledger.drop(outbox.recall(said), 'silenced');
  }

  handOver(ids: readonly string[]): void {
    const { outbox, ledger } = this.#parts;
    ledger.handOver(outbox.handOver(ids));
  }

  hold(): () => void {
    this.#held++;
    return () => {
      this.#held--;
      if (this.#held === 0) this.#released.fire();
    };
  }

  hurry(): () => void {
    this.#hurrying++;
    return () => {
      this.#hurrying--;
    };
  }

  async flush(deadlineMillis: number): Promise<boolean> {
    const { clock } = this.#parts;
    const done = new AbortController();
    // With a reference: a process that waits for its flush must not end before it.
    const over = sleepUntil(clock, deadlineMillis, { signal: done.signal, ref: true });
    const relax = this.hurry();
    this.#arrived.fire();
    while (clock.monotonic() < deadlineMillis && (this.#isSending || this.#dueAtMillis() <= deadlineMillis)) {
      await Promise.race([this.#stepped.next(), over]);
    }
    relax();
    done.abort();
    return !this.#isSending && this.#dueAtMillis() === Number.POSITIVE_INFINITY;
  }

  #dueAtMillis(): number {
    try {
      return this.#plan().dueAtMillis;
    } catch {
      // The loop finds out as well, and tries again later; nobody can wait for that.
      return Number.POSITIVE_INFINITY;
    }
  }

  async close(deadlineMillis: number, keep?: () => Promise<void>): Promise<void> {
    this.#isClosing = true;
    await this.flush(deadlineMillis);
    this.#stop.abort();
    this.#arrived.fire();
    await this.#ended;
    await keep?.();
    if (this.#parts.verify === undefined) dropAll(this.#parts);
    else dropUnkept(this.#parts);
    this.#stepped.fire();
  }

  lastMessage(): Pick<LastWord, 'destination' | 'message' | 'delayMillis'> | undefined {
    const { clock, compose } = this.#parts;
    this.#isClosing = true;
    const { selection } = this.#plan({
      isAllInOne: true,
      isGathered: true,
      readyAtMillis: () => Number.NEGATIVE_INFINITY,
    });
    this.#lastSelection = selection;
    if (selection === undefined) return undefined;
    const nowMillis = clock.monotonic();
    const place = this.#places.current;
    const delayMillis = Math.max(0, this.#places.readyAtMillis('post', place) - nowMillis);
    const message = compose(selection, this.#mentionFor(selection)?.markup);
    return { destination: place.destination, message, delayMillis };
  }

  lastMessageSent(): void {
    const { outbox, ledger } = this.#parts;
    if (this.#lastSelection === undefined) return;
    ledger.deliver(outbox.sent(this.#lastSelection, this.#places.current.label, undefined));
    this.#lastSelection = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#step();
      } catch (error) {
        // A mistake of ours must cost neither the app nor the loop, and must not make the loop spin.
        const place = this.#places.current;
        place.retreat(error instanceof Error ? error.name : 'a mistake of ours', 'unknown');
        await sleepUntil(this.#parts.clock, place.notBeforeMillis, { signal: this.#stop.signal });
      }
      this.#stepped.fire();
    }
  }

  async #step(): Promise<void> {
    const { outbox, clock } = this.#parts;
    expire(this.#parts);
    const { place: next, forgotten, wakeAtMillis } = this.#plan();
    outbox.forget(forgotten);
    if (next === undefined) return this.#rest(Math.min(wakeAtMillis, clock.monotonic() + PATIENCE_MILLIS));
    const place = this.#places.named(next);
    const turn = await place.pace.enter(this.#stop.signal);
    if (turn === undefined) return;
    this.#isSending = true;
    try {
      // The SDK hands over batch after batch without a pause; one message is to hold them all.
      if (this.#hurrying > 0) await new Promise(setImmediate);
      while (this.#held > 0) await this.#released.next();
      await this.#parts.verify?.();
      await this.#say(place, turn);
    } finally {
      this.#isSending = false;
      turn.leave();
    }
  }

  /** Waits until something comes, or it is time. */
  async #rest(untilMillis: number): Promise<void> {
    const { clock } = this.#parts;
    const woken = new AbortController();
    await Promise.race([this.#arrived.next(), sleepUntil(clock, untilMillis, { signal: woken.signal })]);
    woken.abort();
    const postAtMillis = this.#places.readyAtMillis('post', this.#places.current);
    const calmUntilMillis = Math.min(postAtMillis, clock.monotonic() + CALM_MILLIS);
    if (this.#hurrying === 0) await sleepUntil(clock, calmUntilMillis, { signal: this.#stop.signal });
  }

  /** Chosen and rendered now and not before the wait: what is said are the counts of this moment. */
  async #say(place: Place, turn: Turn): Promise<void> {
    const plan = this.#plan();
    // Somebody else in the process may have been quicker, or something else matters more by now.
    if (plan.place !== place.label) return;
    const selection = plan.selection && this.#places.addressed(plan.selection, place);
    const message = plan.look ?? (selection && this.#messageToLookAt(selection, place));
    if (message?.ref !== undefined) {
      const outcome = await this.#ask({ act: 'look', ref: message.ref }, place, turn);
      this.#settlement.settleLook(outcome, message, { place, turn, fallback: this.#places.behind(place) });
      return;
    }
    if (selection === undefined) return;
    await turnAfter(selection);
    const { clock, compose, mentions, outbox, diagnostics, label } = this.#parts;
    const mention = this.#mentionFor(selection);
    const request = requestFor(selection, compose(selection, mention?.markup), mention !== undefined);
    await turnAfter(selection);
    const outcome = await this.#ask(request, place, turn);
    diagnostics.debug(
      `${label}: ${selection.act} ${selection.kind} of ${countedOf(selection.rows.length, 'problem')}: ${outcome.kind}`,
    );
    this.#settlement.settle(outcome, selection, { place, turn, fallback: this.#places.behind(place) });
    if (outcome.kind === 'sent' && selection.act === 'post') this.#isAfterQuietHours = false;
    if (selection.kind === 'digest' && selection.act === 'post') this.#lastDigestAtMillis = clock.monotonic();
    // What was not answered may have woken somebody: better once too little than at each attempt.
    if (mention === undefined || (outcome.kind !== 'sent' && outcome.kind !== 'unknown')) return;
    mentions.given(clock.monotonic());
    outbox.mentioned(mention.groups);
  }

  #mentionFor(selection: Selection): GivenMention | undefined {
    const { mentions, clock, quietHoursMillis } = this.#parts;
    return mentions.for(selection, { nowMillis: clock.monotonic(), isQuiet: quietHoursMillis() > 0 });
  }

  async #ask(request: SlackRequest, place: Place, turn: Turn) {
    this.#parts.ledger.request();
    turn.begin(request.act);
    return asOwn(() => place.ask(request, this.#stop.signal));
  }

  #plan(instead: Partial<Situation> = {}): Plan {
    const { outbox, policy, clock, quietHoursMillis } = this.#parts;
    const quiet = quietHoursMillis();
    if (quiet > 0) this.#isAfterQuietHours = true;
    const nowMillis = clock.monotonic();
    const gathersNight = this.#isAfterQuietHours && quiet === 0;
    const plan = choose({
      groups: outbox.groups(),
      outdated: outbox.outdated(),
      policy,
      moment: {
        nowMillis,
        quietHoursMillis: quiet,
        isClosing: this.#isClosing,
        parked: this.#places.waiting(),
      },
      isGathered: this.#hurrying > 0 || gathersNight || nowMillis - this.#lastDigestAtMillis < STRAGGLERS_MILLIS,
      isAllInOne: gathersNight,
      place: this.#places.current.label,
      readyAtMillis: (act, label) => this.#places.readyAtMillis(act, this.#places.named(label)),
      ...instead,
    });
    if (gathersNight && plan.dueAtMillis === Number.POSITIVE_INFINITY) this.#isAfterQuietHours = false;
    return plan;
  }

  /** Also before a reminder, and before how things stand is told though nothing new came: reactions are answers. */
  #messageToLookAt(selection: Selection, place: Place): LiveMessage | undefined {
    const nowMillis = this.#parts.clock.monotonic();
    const message = selection.message ?? selection.groups.find((group) => group.message?.ref)?.message;
    if (message === undefined || this.#isClosing || message.place !== place.label) return undefined;
    const sinceMillis = Math.max(...selection.groups.map(({ waitingSinceAtMillis = -1 }) => waitingSinceAtMillis));
    const isSeen = message.lookedAtMillis >= (sinceMillis >= 0 ? sinceMillis : nowMillis - LOOK_EVERY_MILLIS);
    return isSeen || this.#places.readyAtMillis('look', place) > nowMillis ? undefined : message;
  }
}

/** After a step for many groups it is the app's turn: the steps together would take too long. */
async function turnAfter({ rows }: Selection): Promise<void> {
  if (rows.length > MANY_ROWS) await new Promise(setImmediate);
}
