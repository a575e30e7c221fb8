/** The state of one destination: groups, their life cycle, posted messages. Other rooms import this face only. */

export type { DistinctValues } from './distinct-values.js';
export {
  type Breakdown,
  type Episode,
  type Group,
  type MessageKind,
  type PostedMessage,
  type Row,
  type Status,
  snapshot,
  unshown,
} from './group.js';
export { canChange, type Moment, type Reason, statusOf } from './lifecycle.js';
export {
  DETAILED_DIGEST_ROWS,
  formOf,
  listedRows,
  MAX_DIGEST_ROWS,
  type MessageForm,
  type Notification,
} from './notification.js';
export { Outbox } from './outbox.js';
export { POLICY, type Policy } from './policy.js';
export { countedWords, messageIdOf, type RowWords, rowOf, withheldWords, wordsOf } from './rows.js';
export { decodeGroup, type SavedGroup } from './saved/group-codec.js';
export { decodeNotification, encodeNotification, type SavedNotification } from './saved/notification-codec.js';
export type { UnsavedChunk } from './saved/persistence.js';
export type { MessageEvent } from './standing/message-states.js';
export type { Standing } from './standing/standing.js';
