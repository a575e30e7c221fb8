export { METHOD_RATES, POST_RATE, RateLimits } from './rate-limits.js';
export { react, unreact, withoutReaction, withReaction } from './reactions.js';
export { type OpenRequest, RequestLog } from './request-log.js';
export { IDENTITY, type InboxState, PERSON_ID } from './state.js';
export { type Change, type Channel, isTopLevel, Store } from './store.js';
export { waitForMessages } from './wait-for-messages.js';
