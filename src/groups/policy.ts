const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When messages are posted and updated. All times are in milliseconds. */
export interface Policy {
  /** The shortest time between two updates of a message. Rate limits can make it longer. */
  readonly updateEveryMillis: number;
  /** The times of the first reminders after the first post, where messages cannot be updated. */
  readonly remindAfterMillis: readonly number[];
  /** The time between all further reminders. */
  readonly remindEveryMillis: number;
  /** A problem without records for this long is quiet. The next record begins a new episode. */
  readonly quietAfterMillis: number;
  /** A problem without records for this long is forgotten. */
  readonly forgetAfterMillis: number;
  /** The shortest time between two replies in a thread. */
  readonly replyEveryMillis: number;
  /** The highest number of variants that are posted in a thread. */
  readonly maxReplies: number;
  /** How long a reaction silences a problem. */
  readonly silenceMillis: number;
}

/** The policy of every destination. Tests may use others. */
export const POLICY: Policy = {
  updateEveryMillis: 10 * SECOND,
  remindAfterMillis: [1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  remindEveryMillis: HOUR,
  quietAfterMillis: 30 * MINUTE,
  forgetAfterMillis: 24 * HOUR,
  replyEveryMillis: MINUTE,
  maxReplies: 5,
  silenceMillis: 24 * HOUR,
};
