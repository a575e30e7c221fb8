export { isFromOwnPage, isLoopback, isSameOrigin } from './origin-guard.js';
export { apiError, jsonReply, type Reply, rateLimited, textReply, webhookError } from './reply.js';
export { contentTypeOf, parseForm, parseJsonBody, parseWebhookBody, readBody } from './request.js';
