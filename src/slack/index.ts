/** Slack over HTTP: client, errors, limits, outcomes. Other rooms import this face only. */

export { type Connect, type Connection, connectToSlack } from './client.js';
export { destinationId, destinationLabel, rateLimitScopeId, urlOf } from './destination-id.js';
export { knownError } from './errors.js';
export { isConnectionError } from './http/connection-errors.js';
export { createHttpClient, type HttpClient, type HttpResult } from './http/http.js';
export { knownAddresses, lookup, resolveHost } from './http/name-lookup.js';
export { createPlainHttpClient } from './http/plain-http.js';
export { SLACK_LIMITS } from './limits.js';
export { mergeLastWords } from './merge-last-words.js';
export { errorName, UNREADABLE_ANSWER } from './outcome.js';
export type {
  ChannelDestination,
  Destination,
  LastWord,
  LastWordResult,
  MessageRef,
  Outcome,
  SlackMessage,
  SlackRequest,
  WebhookDestination,
} from './types.js';
export { callWebApi } from './web-api.js';
export { postToWebhook } from './webhook.js';
