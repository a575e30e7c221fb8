import type { Notification, Outbox, Policy } from '../groups/index.js';
import { type Caution, choose, type Plan, type PlanInput } from '../plan/index.js';
import type { Clock } from '../util/index.js';
import type { Failover } from './failover.js';

/** Problems that come this soon after a digest belong to the same burst and share a message too. */
const STRAGGLERS_MILLIS = 10_000;

/** This close to the end, there is time for one more post. */
const LAST_REQUEST_MILLIS = 2_500;
/** After this many posts of trusted messages in a row, a message that failed before is sent. */
const TRUSTED_IN_A_ROW = 3;

/** Options of a {@link Planner}. */
export interface PlannerParts {
  readonly outbox: Outbox;
  readonly policy: Policy;
  readonly clock: Clock;
  /** Milliseconds until the quiet hours are checked again; 0 outside them. */
  readonly quietHoursMillis: () => number;
}

/** How urgent delivery is. */
export interface Urgency {
  /** A flush is waiting. */
  readonly isExpedited: boolean;
  /** The exporter closes: everything pending is due now. */
  readonly isClosing: boolean;
  /** When the exporter has to be closed, in monotonic milliseconds; infinite before. */
  readonly closesAtMillis: number;
}

/** Gathers what the plan depends on, and plans: decide for each group, choose across groups. */
export class Planner {
  readonly #parts: PlannerParts;
  readonly #failover: Failover;
  #lastDigestAtMillis = Number.NEGATIVE_INFINITY;
  /** Records were held during quiet hours, and are not sent yet. */
  #holdsForQuietHours = false;
  #trustedInARow = 0;

  constructor(parts: PlannerParts, failover: Failover) {
    this.#parts = parts;
    this.#failover = failover;
  }

  get isQuiet(): boolean {
    return this.#parts.quietHoursMillis() > 0;
  }

  /** @param overrides - replaces parts of the input, for the last message of a process */
  plan({ isExpedited, isClosing, closesAtMillis }: Urgency, overrides: Partial<PlanInput> = {}): Plan {
    const { outbox, policy, clock, quietHoursMillis } = this.#parts;
    const quietMillis = quietHoursMillis();
    if (quietMillis > 0) this.#holdsForQuietHours = true;
    const haveQuietHoursEnded = this.#holdsForQuietHours && quietMillis === 0;
    const nowMillis = clock.monotonic();
    const plan = choose({
      groups: outbox.groups.all(),
      outdated: outbox.messages.outdated(),
      policy,
      moment: { nowMillis, quietHoursMillis: quietMillis, isClosing, blocked: this.#failover.blocked() },
      isGathered: isExpedited || haveQuietHoursEnded || nowMillis - this.#lastDigestAtMillis < STRAGGLERS_MILLIS,
      isAllInOne: haveQuietHoursEnded,
      caution: this.#caution(closesAtMillis - nowMillis < LAST_REQUEST_MILLIS),
      endpoint: this.#failover.current.label,
      readyAtMillis: (act, label) => this.#failover.readyAtMillis(act, this.#failover.endpoint(label)),
      updatesPerMinute: this.#failover.current.rateLimiter.updatesPerMinute(),
      ...overrides,
    });
    if (haveQuietHoursEnded && plan.dueAtMillis === Number.POSITIVE_INFINITY) this.#holdsForQuietHours = false;
    return plan;
  }

  /** A notification was sent; `isConfirmed`: Slack took it. */
  sent({ act, kind, groups }: Notification, isConfirmed: boolean): void {
    if (act !== 'post') return;
    const isTrusted = groups.every(({ standing }) => standing.state === 'normal');
    this.#trustedInARow = isTrusted ? this.#trustedInARow + 1 : 0;
    if (isConfirmed) this.#holdsForQuietHours = false;
    if (kind === 'digest') this.#lastDigestAtMillis = this.#parts.clock.monotonic();
  }

  #caution(isLastRequest: boolean): Caution {
    const { isBlocked, state } = this.#failover.current;
    return {
      isSuspectsTurn: this.#trustedInARow >= TRUSTED_IN_A_ROW,
      isBackingOff: state === 'backing off',
      isProbing: isBlocked,
      isLastRequest,
    };
  }
}
