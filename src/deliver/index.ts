/** The send loop of one destination. Other rooms import this face only. */

export { Endpoint } from './endpoint.js';
export { createRateLimiter, createRateLimits, processRateLimits, type RateLimits } from './rate-limiter.js';
export { SendLoop } from './send-loop.js';
