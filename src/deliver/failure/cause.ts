import { knownError, type Outcome } from '../../slack/index.js';

/** A request that failed, without a rate limit. */
export type FailedOutcome = Exclude<Outcome, { kind: 'sent' }>;

/** What a failed request says about its cause. */
export interface Cause {
  /** `open`: the message or the endpoint. Only other requests can tell. */
  readonly of: 'endpoint' | 'message' | 'open';
  /** The request was answered, and the answer refuses it. */
  readonly isRefusal: boolean;
}

/**
 * Returns the cause of a failed post. `isContradicted`: other messages passed since this one failed before, so an answer
 * that names the endpoint is not believed.
 */
export function causeOfPost(outcome: FailedOutcome, isContradicted: boolean): Cause {
  const cause = causeOf(outcome);
  const isDoubtful = cause.of === 'endpoint' && cause.isRefusal && !isAboutCredentials(outcome);
  return isDoubtful && isContradicted ? { ...cause, of: 'open' } : cause;
}

/** Returns the cause of a failed update or reply: its message, unless the whole token is refused or nothing was sent. */
export function causeOfChange(outcome: FailedOutcome): Cause {
  const cause = causeOf(outcome);
  const isOpen = cause.of === 'endpoint' && cause.isRefusal && !isAboutCredentials(outcome);
  return isOpen ? { ...cause, of: 'open' } : cause;
}

function causeOf(outcome: FailedOutcome): Cause {
  switch (outcome.kind) {
    case 'retry':
      // Slack's own word may mean this message. An error of the network came before anything of it was sent.
      return { of: knownError(outcome.reason) === undefined ? 'endpoint' : 'open', isRefusal: false };
    case 'unknown':
      return { of: 'open', isRefusal: false };
    case 'refused':
      return { of: REFUSED[outcome.because], isRefusal: true };
  }
}

const REFUSED = { destination: 'endpoint', payload: 'message', message: 'message', unclear: 'open' } as const;

function isAboutCredentials({ reason }: FailedOutcome): boolean {
  return knownError(reason)?.isAboutCredentials === true;
}
