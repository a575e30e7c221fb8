/** A local Slack for demos and tests. It imports nothing of the exporter: it is the judge of what is sent. */
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
export { liveMarkup, type MessageContent } from './markup.js';
export { messageText } from './text.js';
export type {
  Clock,
  Inbox,
  InboxChannel,
  InboxMessage,
  InboxOptions,
  InboxReaction,
  InboxRequest,
  JsonObject,
  ReactOptions,
  WaitOptions,
} from './types.js';
