import type { Sample } from './record.js';
import type { SeverityBand } from './severity.js';

/** All records with one fingerprint that wait to be shown on one destination. */
export interface Group {
  /** Stands in the message, so that two copies of one message are known as such. */
  readonly id: string;
  readonly fingerprint: string;
  readonly sample: Sample;
  /** Records. */
  readonly count: number;
  /** Of the records themselves: milliseconds since 1970. */
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** When it began to wait, on the monotonic clock. */
  readonly waitingSinceMillis: number;
  /** Records of it that stand in a request that was never answered: they may have been shown. */
  readonly unanswered: number;
  /** Slack refused the look of this group; only its text is sent. */
  readonly asPlainText: boolean;
}

/** Records beyond the bound of groups: counted, no longer told apart. */
export interface Rest {
  readonly records: number;
  readonly bySeverity: ReadonlyMap<SeverityBand['name'], number>;
}

/** What one message shows of the outbox, as it was when the message was rendered. */
export interface Claim {
  readonly groups: readonly Group[];
  readonly rest: Rest;
}

/** The records of a claim, or of anything that has groups and a rest. */
export function countRecords({ groups, rest }: Claim): number {
  return groups.reduce((sum, group) => sum + group.count, rest.records);
}
