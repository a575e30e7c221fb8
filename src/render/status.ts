import type { Episode, Group, Reason, Row } from '../groups/index.js';
import { counted } from '../util/index.js';
import { dateMarkup, inlineCode } from './mrkdwn.js';

const TIME = '{date_short_pretty} {time}';

/** Returns the status of a problem in words; empty when the problem is new. The markup contains no text of the app. */
export function statusMarkup(row: Row, group: Group | undefined, reason: Reason | undefined): readonly string[] {
  return [
    ...(reason === 'escalated' ? [`*ten times as often as usual:* ${counted(row.perMinute)} a minute`] : []),
    ...(row.alreadyReported > 0 ? [`${counted(row.count - row.alreadyReported)} more since the last message`] : []),
    ...(group?.recoveredAtMillis === undefined ? [] : [recoveredNote(group.recoveredAtMillis)]),
    ...(group?.previousEpisode && row.alreadyReported === 0 ? [cameBack(group.previousEpisode)] : []),
    ...statusWords(row),
  ];
}

/** Returns the note in a message that goes to the fallback of a blocked endpoint. */
export function intendedForMarkup(endpoint: string | undefined): readonly string[] {
  return endpoint === undefined
    ? []
    : [`*meant for* ${inlineCode(endpoint, NAME_LENGTH)}, which does not take messages now`];
}

const NAME_LENGTH = 100;

const MOVED = 'goes on in a newer message';

function recoveredNote(recoveredAtMillis: number): string {
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

function statusWords({ status, lastSeenMillis, movedTo }: Row): readonly string[] {
  switch (status) {
    case 'live':
      return [];
    case 'quiet':
      return [`quiet since ${dateMarkup(lastSeenMillis, TIME)}`];
    case 'closed':
      return ['closed with ✅'];
    case 'silenced':
      return ['silenced with 🔕 for 24 hours'];
    case 'moved':
      return [movedTo === undefined ? MOVED : `${MOVED}, id ${inlineCode(movedTo, NAME_LENGTH)}`];
  }
}
