import { MAX_DIGEST_ROWS, type Notification, type Row } from '../groups/index.js';
import type { SlackMessage } from '../slack/index.js';
import { counted, countedOf } from '../util/index.js';
import { manyTitle } from './digest.js';
import { summaryLine } from './headline.js';
import { escaped } from './mrkdwn.js';

/** The length of the line of ids, in characters. A digest may have many. */
const IDS_LENGTH = 1_000;

/** Adds the ids as the last line, by which readers recognize a second copy of the message. */
export function withIds({ text }: SlackMessage, { id }: Pick<Notification, 'id'>): SlackMessage {
  return { text: id === '' ? text : `${text}\n${escaped(`id ${id}`, IDS_LENGTH)}` };
}

/** Renders a message without any text of the app, for groups whose texts are refused on the way to Slack. */
export function renderMinimal(notification: Notification, mention: string | undefined): SlackMessage {
  const { rows } = notification;
  const lines = rows.slice(0, MAX_DIGEST_ROWS).map(lineOf);
  const others = rows.length - lines.length;
  const text = [
    ...(rows.length > 1 ? [manyTitle(notification)] : []),
    ...lines,
    ...(others > 0 ? [`and ${countedOf(others, 'other problem')}`] : []),
    WHERE_TO_LOOK,
  ].join('\n');
  return withIds({ text: mention === undefined ? text : `${mention} ${text}` }, notification);
}

const WHERE_TO_LOOK =
  'The records are in the logs of the app. Something on the way, such as a proxy, refuses their text.';

function lineOf(row: Row): string {
  const { count, alreadyReported, firstSeenMillis, lastSeenMillis } = row;
  const more = alreadyReported > 0 ? [`${counted(count - alreadyReported)} more since the last message`] : [];
  return [summaryLine(row), ...more, timesOf(firstSeenMillis, lastSeenMillis)].join(' · ');
}

/** In UTC: Slack shows the time zone of the reader only in blocks, which may be refused. */
function timesOf(firstMillis: number, lastMillis: number): string {
  const [first, last] = [utc(firstMillis), utc(lastMillis)];
  return first === last ? `at ${first}` : `from ${first} to ${last}`;
}

function utc(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
