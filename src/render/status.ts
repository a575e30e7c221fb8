import type { Episode, Group, Row } from '../groups/group.js';
import type { Reason } from '../groups/lifecycle.js';
import { counted } from '../util/text.js';
import { dateMarkup, inlineCode } from './mrkdwn.js';

const TIME = '{date_short_pretty} {time}';

/** What has become of a problem since it was new, in words; empty when it is new. Markup of ours alone. */
export function statusMarkup(row: Row, group: Group | undefined, reason: Reason | undefined): readonly string[] {
  return [
    ...(reason === 'escalated' ? [`*ten times as often as usual:* ${counted(row.perMinute)} a minute`] : []),
    ...(row.alreadyReported > 0 ? [`${counted(row.count - row.alreadyReported)} more since the last message`] : []),
    ...(group?.recoveredAtMillis === undefined ? [] : [fromBefore(group.recoveredAtMillis)]),
    ...(group?.previousEpisode && row.alreadyReported === 0 ? [cameBack(group.previousEpisode)] : []),
    ...standing(row),
  ];
}

/** Why a message stands where nobody would look for it. */
export function intendedForMarkup(endpoint: string | undefined): readonly string[] {
  return endpoint === undefined
    ? []
    : [`*meant for* ${inlineCode(endpoint, ENDPOINT_LENGTH)}, which does not take messages now`];
}

const ENDPOINT_LENGTH = 100;

function fromBefore(recoveredAtMillis: number): string {
  return `from before the restart at ${dateMarkup(recoveredAtMillis, TIME)}`;
}

function cameBack({ ended, count, lastSeenMillis, silenced }: Episode): string {
  const before = `${counted(count)} before, the last ${dateMarkup(lastSeenMillis, TIME)}`;
  switch (ended) {
    case 'quiet':
      return `*came back* after it was quiet; ${before}`;
    case 'closed':
      return `*came back* after it was closed with ✅; ${before}`;
    case 'silenced':
      return `*goes on* after it was silenced with 🔕; ${counted(silenced)} meanwhile`;
  }
}

function standing({ status: how, lastSeenMillis }: Row): readonly string[] {
  switch (how) {
    case 'live':
      return [];
    case 'quiet':
      return [`quiet since ${dateMarkup(lastSeenMillis, TIME)}`];
    case 'closed':
      return ['closed with ✅'];
    case 'silenced':
      return ['silenced with 🔕 for 24 hours'];
    case 'moved':
      return ['goes on in a newer message'];
  }
}
