import { isOver, type Policy } from './decide.js';
import type { Episode, Group } from './group.js';

/** Why what comes now begins a new episode of the problem; undefined when it does not, or when nobody wants to hear of it. */
export function endOf(group: Group, policy: Policy, nowMillis: number): Episode['ended'] | undefined {
  if (isSilenced(group, nowMillis)) return undefined;
  if (group.isClosed) return 'closed';
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  return isOver(group, policy, nowMillis) ? 'quiet' : undefined;
}

/** Whether somebody wants to hear nothing of it now. */
export function isSilenced({ silencedUntilAtMillis }: Group, nowMillis: number): boolean {
  return silencedUntilAtMillis > nowMillis;
}
