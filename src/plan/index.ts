/** Pure: decide for each group, choose across groups. Other rooms import this face only. */

export { requestFor } from './build-notification.js';
export { choose, type NextStep, type Plan } from './choose.js';
export type { Caution } from './isolate.js';
export { MentionLimiter, type MessageMention } from './mention-limiter.js';
export type { PlanInput } from './plan-input.js';
export { quietForMillis } from './quiet-hours.js';
