/** A local Slack for demos and tests. It imports nothing of the exporter, because it judges what the exporter sends. */

export { startInbox } from './inbox.js';
export type {
  Clock,
  DripFault,
  ErrorFault,
  Fault,
  FaultScope,
  GarbageFault,
  HangBeforeHeadersFault,
  HangInBodyFault,
  Inbox,
  InboxChannel,
  InboxMessage,
  InboxOptions,
  InboxReaction,
  InboxRequest,
  JsonObject,
  RateLimitedFault,
  ReactOptions,
  RedirectFault,
  ResetAfterAcceptFault,
  ResetFault,
  SlowFault,
  StatusFault,
  TruncateFault,
  WaitOptions,
} from './model/index.js';
export { liveMarkup, type MessageContent, messageText } from './mrkdwn/index.js';
