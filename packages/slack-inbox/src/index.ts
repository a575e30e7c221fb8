/** A local Slack for demos and tests. It imports nothing of the exporter: it is the judge of what is sent. */

export { startInbox } from './inbox.js';
export type { Clock } from './model/clock.js';
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
} from './model/faults.js';
export type { JsonObject } from './model/json.js';
export type {
  Inbox,
  InboxChannel,
  InboxMessage,
  InboxOptions,
  InboxReaction,
  InboxRequest,
  ReactOptions,
  WaitOptions,
} from './model/types.js';
export { messageText } from './mrkdwn/message-text.js';
export { liveMarkup, type MessageContent } from './mrkdwn/parse.js';
