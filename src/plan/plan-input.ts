import type { Group, Moment, Policy, PostedMessage } from '../groups/index.js';
import type { SlackRequest } from '../slack/index.js';
import type { Caution } from './isolate.js';

/** Everything that the choice depends on. */
export interface PlanInput {
  readonly groups: readonly Group[];
  /** Messages that must be updated though none of their groups has new records: a problem moved on or was answered. */
  readonly outdated: readonly PostedMessage[];
  readonly policy: Policy;
  readonly moment: Moment;
  /** Pending posts share one message: a flush is waiting, quiet hours have ended, or a digest was posted just before. */
  readonly isGathered: boolean;
  /** All pending posts go into one message, however many they are. Default: false. */
  readonly isAllInOne?: boolean;
  /** How far failures limit the next post. Default: nothing has failed. */
  readonly caution?: Caution;
  /** The label of the endpoint that new messages go to. */
  readonly endpoint: string;
  /** When an endpoint takes such a request, in monotonic milliseconds. */
  readonly readyAtMillis: (act: SlackRequest['act'], endpoint: string) => number;
  /** The updates a minute that the endpoint allows. */
  readonly updatesPerMinute: number;
}
