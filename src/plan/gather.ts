import { canChange, type Group, MAX_DIGEST_ROWS, type PostedMessage } from '../groups/index.js';
import { type SeverityBand, severityBand } from '../record/index.js';
import type { GroupDecision } from './build-notification.js';
import { deadlineMillis, hasNews, isLate, lateAfterMillis } from './freshness.js';
import type { PlanInput } from './plan-input.js';

/** Groups whose messages cannot be kept fresh one by one, and the message that shows them from now on. */
export interface Gathering {
  readonly decided: readonly GroupDecision[];
  /** The digest that takes the groups; `undefined` when a new one must be posted. */
  readonly digest: PostedMessage | undefined;
}

/** The share of the allowed updates that new records may use. The others remain for outdated messages. */
const MAX_LOAD = 0.75;
/** A message with more groups than this is not merged with others. Two that are merged fit into one digest. */
const MAX_MERGED_GROUPS = MAX_DIGEST_ROWS / 2;

const MINUTE_MILLIS = 60_000;

/** A message and those of its groups that it still shows. */
interface LiveMessage {
  readonly message: PostedMessage;
  readonly groups: readonly Group[];
}

type Band = SeverityBand['name'];

/**
 * Returns the groups to gather in digests, when a record is late and the rate limit does not allow to update all messages
 * in time. One digest needs as many updates as one group. There is a digest for each severity, because a digest must be
 * updated as often as its most severe group. The gathering with the nearest deadline is first.
 */
export function gather(input: PlanInput): readonly Gathering[] {
  const { moment, endpoint } = input;
  if (moment.isClosing || moment.blocked.has(endpoint)) return [];
  if (!input.groups.some((group) => group.message?.endpoint === endpoint && isLate(group, moment.nowMillis))) return [];
  const messages = liveMessages(input);
  if (!isOverloaded(messages, input)) return [];
  return byBand(messages)
    .map((live) => gatheringOf(live, input))
    .filter((gathering) => gathering !== undefined)
    .sort((a, b) => firstDeadline(a) - firstDeadline(b));
}

/** The groups of a gathering are in the order of their deadlines. */
function firstDeadline({ decided: [first] }: Gathering): number {
  return first === undefined ? Number.POSITIVE_INFINITY : deadlineMillis(first.group);
}

function liveMessages({ groups, endpoint, moment }: PlanInput): readonly LiveMessage[] {
  const byMessage = new Map<PostedMessage, Group[]>();
  for (const group of groups) {
    const { message } = group;
    if (group.kind !== 'problem' || message?.endpoint !== endpoint || !canChange(message, moment)) continue;
    // A message that was refused would be refused in a digest too, with all that it holds.
    if (message.standing.state !== 'normal' || group.standing.state !== 'normal') continue;
    const known = byMessage.get(message);
    if (known) known.push(group);
    else byMessage.set(message, [group]);
  }
  return [...byMessage].map(([message, shown]) => ({ message, groups: shown }));
}

/**
 * Whether the allowed updates do not suffice for the load, or for the messages that are late already: another channel of
 * the token may use them, or Slack may have been down.
 */
function isOverloaded(messages: readonly LiveMessage[], { updatesPerMinute, moment }: PlanInput): boolean {
  const { nowMillis } = moment;
  const load = messages.reduce((sum, { groups }) => sum + updatesNeeded(groups, nowMillis), 0);
  if (load > MAX_LOAD * updatesPerMinute) return true;
  const everyMillis = MINUTE_MILLIS / updatesPerMinute;
  return messages
    .map(({ groups }) => groups.filter((group) => isLate(group, nowMillis)).map(lateAfterMillis))
    .filter((late) => late.length > 0)
    .map((late) => Math.min(...late))
    .sort((a, b) => a - b)
    .some((remainingMillis, at) => (at + 1) * everyMillis > remainingMillis);
}

/** Returns the updates a minute with which no record of these groups, in one message, is late. */
function updatesNeeded(groups: readonly Group[], nowMillis: number): number {
  const rates = new Map<number, number>();
  for (const group of groups) {
    const everyMillis = lateAfterMillis(group);
    rates.set(everyMillis, (rates.get(everyMillis) ?? 0) + group.rate.perMinute(nowMillis));
  }
  const needed = [...rates].map(([everyMillis, perMinute]) => Math.min(MINUTE_MILLIS / everyMillis, perMinute));
  const most = MINUTE_MILLIS / Math.min(...rates.keys());
  return Math.min(
    most,
    needed.reduce((sum, updates) => sum + updates, 0),
  );
}

function byBand(messages: readonly LiveMessage[]): readonly (readonly LiveMessage[])[] {
  const bands = new Map<Band, LiveMessage[]>();
  for (const live of messages) {
    const band = bandOf(live.groups);
    const known = bands.get(band);
    if (known) known.push(live);
    else bands.set(band, [live]);
  }
  return [...bands.values()];
}

/** The band of the most severe group. */
function bandOf(groups: readonly Group[]): Band {
  return severityBand(Math.max(...groups.map(({ sample }) => sample.severityNumber))).name;
}

function gatheringOf(messages: readonly LiveMessage[], input: PlanInput): Gathering | undefined {
  const digest = digestWithRoom(messages);
  const moving = messages
    .filter(({ message, groups }) => message !== digest && groups.length <= MAX_MERGED_GROUPS)
    .flatMap(({ groups }) => groups.filter(hasNews))
    .sort((a, b) => deadlineMillis(a) - deadlineMillis(b))
    .slice(0, roomOf(digest));
  // During quiet hours nothing but FATAL is posted; an update notifies nobody.
  const canPost = input.moment.quietHoursMillis === 0 || bandOf(moving) === 'FATAL';
  if (moving.length === 0 || (digest === undefined && (moving.length === 1 || !canPost))) return undefined;
  return { digest, decided: moving.map((group) => ({ group, decision: { act: 'update', reason: 'changed' } })) };
}

/** The fullest digest that can show one more group. */
function digestWithRoom(messages: readonly LiveMessage[]): PostedMessage | undefined {
  const [fullest] = messages
    .map(({ message }) => message)
    .filter((message) => message.kind === 'digest' && roomOf(message) > 0)
    .sort((a, b) => b.rows.size - a.rows.size);
  return fullest;
}

function roomOf(digest: PostedMessage | undefined): number {
  return MAX_DIGEST_ROWS - (digest?.rows.size ?? 0);
}
