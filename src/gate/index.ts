/** In front of the SDK's queue: filter, loop guard, overflow. Other rooms import this face only. */

export { createSelector, type Selector } from './filter.js';
export { Gate } from './gate.js';
export { measureProcessor } from './metrics.js';
export { watchResources } from './resource-watchdog.js';
export { besideSdkLogs, loadSdkLogs, type SdkBatchLogRecordProcessor, type SdkLogger } from './sdk-logs.cjs';
