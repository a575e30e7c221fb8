export { messageObject } from './message-object.js';
export { type ApiCall, answerApi, messageTsArgument, scopeHeaders } from './web-api.js';
export { answerWebhook } from './webhook.js';
