import type { Selection } from '../groups/notification.js';
import type { SlackRequest } from '../slack/types.js';
import type { Clock } from '../util/clock.js';
import type { Place } from './endpoint.js';

/** What {@link Places} are made of. */
export interface PlacesParts {
  readonly place: Place;
  /** Takes over while the place is parked. */
  readonly fallback: Place | undefined;
  readonly clock: Clock;
}

/** The place of a destination, and the one that takes over while it is parked. */
export class Places {
  readonly #first: Place;
  readonly #fallback: Place | undefined;
  readonly #clock: Clock;

  constructor({ place, fallback, clock }: PlacesParts) {
    this.#first = place;
    this.#fallback = fallback;
    this.#clock = clock;
  }

  /** Where messages are posted now: the fallback takes over while the place is parked, but for a try now and then. */
  get current(): Place {
    return this.#isWaiting(this.#first) && this.#fallback !== undefined ? this.#fallback : this.#first;
  }

  named(label: string): Place {
    return this.#fallback?.label === label ? this.#fallback : this.#first;
  }

  /** The names of those that wait for a person, until they are tried again. */
  waiting(): ReadonlySet<string> {
    const places = this.#fallback === undefined ? [this.#first] : [this.#first, this.#fallback];
    return new Set(places.filter((place) => this.#isWaiting(place)).map(({ label }) => label));
  }

  /** The name of the place that takes over when this one is parked. */
  behind(place: Place): string | undefined {
    return place === this.#fallback ? undefined : this.#fallback?.label;
  }

  /** From when on (monotonic milliseconds) that can be asked there. */
  readyAtMillis(act: SlackRequest['act'], place: Place): number {
    if (act === 'look' && !place.canLook) return Number.POSITIVE_INFINITY;
    const readyAtMillis = Math.max(place.pace.readyAtMillis(act), place.notBeforeMillis);
    // However long the fallback has to wait: the place itself is tried before.
    return place === this.#first || act !== 'post'
      ? readyAtMillis
      : Math.min(readyAtMillis, this.#first.notBeforeMillis);
  }

  /** In a channel where nobody would look for it, a message says for which one it was meant. */
  addressed(selection: Selection, place: Place): Selection {
    if (place === this.#first || selection.act === 'reply') return selection;
    return { ...selection, meantFor: this.#first.label };
  }

  #isWaiting({ isParked, notBeforeMillis }: Place): boolean {
    return isParked && notBeforeMillis > this.#clock.monotonic();
  }
}
