/** A local Slack for demos and tests. It imports nothing of the exporter: it is the judge of what is sent. */

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
export { startInbox } from './inbox.js';
export type { JsonObject } from './json.js';
export { liveMarkup, type MessageContent } from './markup.js';
export { messageText } from './text.js';
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
