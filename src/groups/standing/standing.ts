import { MESSAGE_STATES, type MessageEvent, type MessageState } from './message-states.js';

/** How the requests with a message have ended: its state, and the failures since it last passed. Times are monotonic milliseconds. */
export interface Standing {
  readonly state: MessageState;
  /** The state in which it last passed. */
  readonly passedState: MessageState;
  /** Why the last request failed; undefined when none did. */
  readonly reason: string | undefined;
  readonly failures: number;
  /** The failures of requests that held nothing else. */
  readonly failuresAlone: number;
  /** When the first of the failures was, and the last. */
  readonly troubledAtMillis: number;
  readonly failedAtMillis: number;
  /** It is not sent again before this time. */
  readonly heldUntilAtMillis: number;
  /** The highest number of groups in a message with this one. */
  readonly maxTogether: number;
  /** It is sent next, in its minimal form, to find out whether the endpoint takes anything. */
  readonly isProbe: boolean;
  /** Its forms were all tried while nothing else was sent. */
  readonly isExhausted: boolean;
}

/** The standing of a message that never failed. */
export const GOOD_STANDING: Standing = {
  state: 'normal',
  passedState: 'normal',
  reason: undefined,
  failures: 0,
  failuresAlone: 0,
  troubledAtMillis: Number.NEGATIVE_INFINITY,
  failedAtMillis: Number.NEGATIVE_INFINITY,
  heldUntilAtMillis: Number.NEGATIVE_INFINITY,
  maxTogether: Number.POSITIVE_INFINITY,
  isProbe: false,
  isExhausted: false,
};

/** A failed request. */
export interface Failure {
  readonly event: Exclude<MessageEvent, 'passed'>;
  readonly reason: string;
  /** The number of groups in the request. */
  readonly together: number;
  /** The highest number of groups in the next one. */
  readonly maxTogether: number;
  readonly nowMillis: number;
  readonly holdMillis: number;
  /** The next request is the minimal form, whatever the state. */
  readonly isProbeNext?: boolean;
}

/** Returns the standing after a failed request. */
export function afterFailure(standing: Standing, failure: Failure): Standing {
  const { event, reason, together, maxTogether, nowMillis, holdMillis, isProbeNext = false } = failure;
  const next = MESSAGE_STATES[standing.state][event];
  const isNewlyMinimal = next === 'minimal' && standing.state !== 'minimal';
  return {
    ...standing,
    state: isProbeNext ? 'minimal' : next,
    reason,
    failures: standing.failures + 1,
    failuresAlone: standing.failuresAlone + (together === 1 ? 1 : 0),
    troubledAtMillis: standing.failures === 0 ? nowMillis : standing.troubledAtMillis,
    failedAtMillis: nowMillis,
    heldUntilAtMillis: nowMillis + holdMillis,
    // Messages without any text of the app may share one, whatever was split before.
    maxTogether: isNewlyMinimal ? Number.POSITIVE_INFINITY : Math.min(standing.maxTogether, maxTogether),
    isProbe: isProbeNext,
    isExhausted: standing.isExhausted || (event === 'exhausted' && standing.state === 'minimal'),
  };
}

/** Returns the standing after Slack took a message in this form. A reduced form stays, with its reason. */
export function afterPass(standing: Standing, form: MessageState): Standing {
  const state = MESSAGE_STATES[form].passed;
  return state === 'normal' ? GOOD_STANDING : { ...GOOD_STANDING, state, passedState: state, reason: standing.reason };
}

/** Returns the standing after the endpoint proved to be the cause. The time of the failure stays, so that others are tried first. */
export function cleared({ passedState, reason, failedAtMillis }: Standing): Standing {
  return { ...GOOD_STANDING, state: passedState, passedState, reason, failedAtMillis };
}

/**
 * Returns the standing after the endpoint has recovered, which was the cause of all failures since a time. What failed
 * only since then may share a message again, but not with messages that never failed.
 */
export function afterRecovery(standing: Standing, failingSinceMillis: number): Standing {
  if (standing.failures === 0) return standing;
  const isExplained =
    standing.failuresAlone === 0 || (standing.state === 'suspect' && standing.troubledAtMillis >= failingSinceMillis);
  const { maxTogether } = isExplained ? GOOD_STANDING : standing;
  return { ...standing, maxTogether, heldUntilAtMillis: Number.NEGATIVE_INFINITY };
}
