export { messageObject } from './message-object.js';
export { type ApiCall, answerApi, messageAsked, scopeHeaders } from './web-api.js';
export { answerWebhook } from './webhook.js';
