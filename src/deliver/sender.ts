import type { Policy } from '../groups/lifecycle.js';
import type { KeptRecords } from '../groups/saved/group-codec.js';
import type { Said } from '../groups/saved/notification-codec.js';
import type { Mentions } from '../plan/mention-limiter.js';
import type { RecordView } from '../record/read-record.js';
import type { Compose } from '../render/compose.js';
import type { LastWord } from '../slack/types.js';
import type { PlacesParts } from './failover.js';
import type { SettlementParts } from './handle-outcome.js';

/** The only thing that talks to its destination: a loop of choose, render, pace, send, settle. */
export interface Sender {
  /** Takes a record, and as many equal ones as `count` says, into its group. */
  accept(view: RecordView, fingerprint: string, count?: number): void;
  /** Records that were lost before they came here: they are told in the channel. */
  lose(records: number): void;
  /** Takes what an earlier process had; `id` is its entry on the disk. */
  restore(records: KeptRecords, id: string, writtenAtMillis: number): void;
  /** What an earlier process said, by fingerprint. */
  recall(said: ReadonlyMap<string, Said>): void;
  /** Entries on the disk that belong to another process now. */
  handOver(ids: readonly string[]): void;
  /** A batch is being folded: until the returned function is called nothing is said, so that the batch is not torn. */
  hold(): () => void;
  /** From now on, and until the returned function is called, what waits goes out in as few messages as possible. */
  hurry(): () => void;
  /**
   * Waits until everything is said that is due, or nothing can be said before the deadline (monotonic milliseconds).
   * True when nothing is left.
   */
  flush(deadlineMillis: number): Promise<boolean>;
  /** All that is still to be said, in one message, for somebody else to send: this process ends. */
  lastMessage(): Pick<LastWord, 'destination' | 'message' | 'delayMillis'> | undefined;
  /** Slack has confirmed the last message. */
  lastMessageSent(): void;
  /**
   * Says how everything ends, and then ends itself: what is left is dropped and counted.
   * @param keep - keeps what came in the end, before what is not kept is dropped
   */
  close(deadlineMillis: number, keep?: () => Promise<void>): Promise<void>;
}

/** What a sender is made of. */
export interface SenderParts extends SettlementParts, PlacesParts {
  /** For people; holds no secret. */
  readonly label: string;
  readonly policy: Policy;
  readonly compose: Compose;
  readonly mentions: Mentions;
  /** What is left of the quiet hours, in milliseconds; 0 when it is not their time. */
  readonly quietHoursMillis: () => number;
  /** What waits is kept on the disk; to be asked before each request whether all of it is still ours. */
  readonly verify?: (() => Promise<void>) | undefined;
}
