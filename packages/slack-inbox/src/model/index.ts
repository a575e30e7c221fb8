export type { Clock } from './clock.js';
export type {
  DripFault,
  ErrorFault,
  Fault,
  FaultScope,
  GarbageFault,
  HangBeforeHeadersFault,
  HangInBodyFault,
  RateLimitedFault,
  RedirectFault,
  ResetAfterAcceptFault,
  ResetFault,
  SlowFault,
  StatusFault,
  TruncateFault,
} from './faults.js';
export { byType, flagOf, isObject, type JsonObject, objectsOf, parseJson, stringOf } from './json.js';
export { INBOX_LIMITS, LIMITS } from './limits.js';
export type {
  Inbox,
  InboxChannel,
  InboxMessage,
  InboxOptions,
  InboxReaction,
  InboxRequest,
  ReactOptions,
  WaitOptions,
} from './types.js';
