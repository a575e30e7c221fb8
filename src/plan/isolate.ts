import type { Moment, Standing } from '../groups/index.js';
import type { GroupDecision } from './build-notification.js';
import { worstThenOldest } from './priority.js';

/** How far the failures of earlier requests limit the next one. */
export interface Caution {
  /** The last messages were all trusted ones, so a suspect is sent next. */
  readonly isSuspectsTurn: boolean;
  /** The endpoint backs off: messages that have not failed alone are spared. */
  readonly isBackingOff: boolean;
  /** The endpoint is blocked, and the next request finds out whether it still is. */
  readonly isProbing: boolean;
  /** The exporter closes, and there is time for one more request. */
  readonly isLastRequest: boolean;
}

/** The caution while nothing has failed. */
export const NO_CAUTION: Caution = {
  isSuspectsTurn: false,
  isBackingOff: false,
  isProbing: false,
  isLastRequest: false,
};

/** The posts that may share the next message, and when it can be sent. */
export interface NextPosts {
  readonly posts: readonly GroupDecision[];
  /** Monotonic milliseconds. */
  readonly readyAtMillis: number;
}

/** During an outage, this many messages are tried alone, in turn. After it, the others share a message again. */
const MAX_TRIED_ALONE = 20;

/**
 * Keeps the posts apart that failed before. Trusted posts go first and together. Suspects follow alone, in turns, so
 * that one message which is always refused delays no other.
 */
export function isolate(
  posts: readonly GroupDecision[],
  { nowMillis, isClosing }: Moment,
  caution: Caution,
): NextPosts {
  const suspects = posts.filter((post) => !isTrusted(post));
  if (caution.isLastRequest) return now(posts);
  const probe = suspects.find((post) => standingOf(post).isProbe);
  if (probe !== undefined) return now([probe]);
  if (caution.isProbing) return now(posts.toSorted(leastRecentlyFailed).slice(0, 1));
  if (suspects.length === 0) return now(posts);
  const heldUntilMillis = (post: GroupDecision): number =>
    isClosing ? Number.NEGATIVE_INFINITY : standingOf(post).heldUntilAtMillis;
  const ready = suspects.filter((post) => heldUntilMillis(post) <= nowMillis);
  const isTrustedTurn = ready.length === 0 || !caution.isSuspectsTurn;
  if (suspects.length < posts.length && isTrustedTurn) return now(posts.filter(isTrusted));
  if (ready.length > 0) return now(firstOf(ready, caution));
  return { posts: [], readyAtMillis: Math.min(...suspects.map(heldUntilMillis)) };
}

function now(posts: readonly GroupDecision[]): NextPosts {
  return { posts, readyAtMillis: Number.NEGATIVE_INFINITY };
}

/** Returns the suspect that is next, with those that may share its message. */
function firstOf(ready: readonly GroupDecision[], { isBackingOff }: Caution): readonly GroupDecision[] {
  const tried = ready.filter((post) => standingOf(post).failuresAlone > 0);
  const candidates = isBackingOff && tried.length >= MAX_TRIED_ALONE ? tried : ready;
  const ordered = candidates.toSorted(leastRecentlyFailed);
  const [first] = ordered;
  if (first === undefined) return [];
  const { state, maxTogether } = standingOf(first);
  const mayShare = (post: GroupDecision): boolean =>
    standingOf(post).state === 'suspect' && standingOf(post).maxTogether > 1;
  // A minimal message holds no text of the app, so its groups cannot harm each other.
  if (state === 'minimal') return ordered.filter((post) => standingOf(post).state === 'minimal').slice(0, maxTogether);
  return mayShare(first) ? ordered.filter(mayShare).slice(0, maxTogether) : [first];
}

function standingOf({ group }: GroupDecision): Standing {
  return group.standing;
}

function isTrusted({ group }: GroupDecision): boolean {
  return group.standing.state === 'normal';
}

/** In turns, so that each suspect is sent again after as many requests as there are suspects. */
function leastRecentlyFailed(a: GroupDecision, b: GroupDecision): number {
  const [one, other] = [standingOf(a).failedAtMillis, standingOf(b).failedAtMillis];
  // Two that never failed have no difference: infinity minus infinity is no number.
  return one === other ? worstThenOldest(a, b) : one - other;
}
