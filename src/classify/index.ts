/** Which destinations want a record, and which problem it is. Other rooms import this face only. */

export { createFingerprint } from './fingerprint.js';
export { createRouter, readsAttributes } from './router.js';
export { stackPlaces } from './stack-fingerprint.js';
export { messageTemplate } from './template/template.js';
