import type { ContextBlockElement, KnownBlock, MrkdwnElement } from '@slack/types';
import type { Breakdown, DistinctValues, Group, Row } from '../groups/index.js';
import { CODE_KEYS, codeLocation, firstAttribute, parseStack, type Sample, stackLines } from '../record/index.js';
import { SLACK_LIMITS } from '../slack/index.js';
import { counted, countedOf, oneLine } from '../util/index.js';
import { contextBlock, fieldsBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import { breakdownText } from './breakdown.js';
import { headlineText } from './headline.js';
import { codeBlock, dateMarkup, escaped, escapedLength, FENCE_LENGTH, inlineCode, linkMarkup } from './mrkdwn.js';

/** The options that change the appearance of a message. */
export interface Appearance {
  /** A URL with `{traceId}` and, optionally, `{spanId}`. */
  readonly traceUrl: string | undefined;
  /** Further attributes to show: keys, or prefixes of keys followed by `*`. */
  readonly attributes: readonly string[];
}

/** The highest length of the parts, in characters. */
export interface Details {
  readonly messageText: number;
  readonly stackText: number;
  readonly attributesText: number;
  readonly fieldText: number;
  /** If the link to the trace is longer, only the trace id is shown. */
  readonly linkText: number;
}

/** Renders the details of a group, the most important first: message, request and other facts, stack, further attributes. */
export function renderDetails(row: Row, group: Group, appearance: Appearance, details: Details): KnownBlock[] {
  if (group.breakdown !== undefined) return [breakdownBlock(group.breakdown), smallPrint(row, group)];
  return [...renderSample(group.sample, headlineText(row), appearance, details), smallPrint(row, group)];
}

/** Renders the details of one record. `headline`: the text above the details, which they do not repeat. */
export function renderSample(sample: Sample, headline: string, appearance: Appearance, details: Details): KnownBlock[] {
  return present([
    fullMessage(sample, headline, details.messageText),
    facts(sample, appearance, details),
    stack(sample, details.stackText),
    moreAttributes(sample, appearance, details.attributesText),
  ]);
}

const BREAKDOWN_TEXT = 1_000;

function breakdownBlock(breakdown: Breakdown): KnownBlock {
  return sectionBlock(plainText(breakdownText(breakdown), BREAKDOWN_TEXT));
}

const CONTEXT_TEXT = 200;

/** Renders the line under the headline: service, versions, count, rate, and times. */
export function originLine(row: Row, group: Group | undefined): KnownBlock {
  const origin = [row.where, group && listed(group.versions)].filter((part) => part).join(' · ');
  return contextBlock([...(origin ? [plainText(origin, CONTEXT_TEXT)] : []), mrkdwn(countAndTimes(row))]);
}

function countAndTimes({ kind, count, firstSeenMillis, lastSeenMillis, perMinute, status }: Row): string {
  const times = timesMarkup(firstSeenMillis, lastSeenMillis);
  if (count === 1 || kind === 'loss') return times;
  const rate = status === 'live' && perMinute > 1 && lastSeenMillis - firstSeenMillis >= RATE_AFTER_MILLIS;
  return `${counted(count)} times, ${rate ? `${counted(perMinute)} a minute, ` : ''}${times}`;
}

/** Records of less than a minute have no rate. */
const RATE_AFTER_MILLIS = 60_000;
/** The number of hosts and versions that are listed. Others are counted. */
const MAX_LISTED = 3;

/** Formats values: `web-1, web-2, web-3 and 4 others`. */
function listed(seen: DistinctValues): string {
  const values = seen.values();
  const named = values.slice(0, MAX_LISTED).join(', ');
  const others = values.length - MAX_LISTED;
  return others > 0 ? `${named} and ${countedOf(others, 'other')}${seen.isFull ? ' or more' : ''}` : named;
}

/** Two times closer than this are shown with one date, also around midnight. */
const SAME_DAY_MILLIS = 12 * 3_600_000;

/** Formats one time or a range of times, in the time zone of the reader. */
export function timesMarkup(firstMillis: number, lastMillis: number): string {
  const first = dateMarkup(firstMillis, '{date_short_pretty} {time_secs}');
  const spanMillis = lastMillis - firstMillis;
  if (spanMillis < 1_000) return first;
  const isSameDay = spanMillis < SAME_DAY_MILLIS;
  return `from ${first} to ${dateMarkup(lastMillis, isSameDay ? '{time_secs}' : '{date_short_pretty} {time_secs}')}`;
}

/** Renders the texts that the headline does not contain completely. A headline is one line of at most 150 characters. */
function fullMessage(sample: Sample, headline: string, maxLength: number): KnownBlock | undefined {
  const { exception, message } = sample;
  const isTruncated = escapedLength(headline) > SLACK_LIMITS.headerText;
  const isInHeadline = (text: string): boolean =>
    !isTruncated && !text.trim().includes('\n') && headline.includes(oneLine(text));
  const texts = new Set(
    [exception?.message ?? '', message].filter((text) => text.trim() !== '' && !isInHeadline(text)),
  );
  if (texts.size === 0) return undefined;
  const missing = (exception?.missingMessage ?? 0) + sample.missingMessage;
  return sectionBlock(plainText([...texts].join('\n').trim(), maxLength, missing));
}

/** A short fact under a bold title: attributes that are shown in every message that has them. */
interface Fact {
  readonly title: string;
  /** The attributes that the fact shows. They are not repeated among the further attributes. */
  readonly keys: readonly string[];
  readonly read: (sample: Sample, keys: readonly string[]) => string | undefined;
}

const METHOD_KEYS = ['http.request.method', 'http.method'] as const;
const ROUTE_KEYS = ['http.route', 'url.path', 'http.target', 'url.full'] as const;
const STATUS_KEYS = ['http.response.status_code', 'http.status_code'] as const;

/** To show another fact, add a line. The keys of the current semantic conventions come first, then those of older libraries. */
const FACTS: readonly Fact[] = [
  { title: 'Request', keys: [...METHOD_KEYS, ...ROUTE_KEYS, ...STATUS_KEYS], read: requestLine },
  { title: 'Where', keys: CODE_KEYS, read: whereWithoutStack },
  { title: 'User', keys: ['user.id', 'enduser.id', 'user.name'], read: firstAttribute },
  { title: 'Session', keys: ['session.id'], read: firstAttribute },
  { title: 'Error type', keys: ['error.type'], read: errorType },
  { title: 'Peer', keys: ['server.address', 'peer.service', 'net.peer.name'], read: firstAttribute },
  { title: 'Database', keys: ['db.operation.name', 'db.system.name', 'db.system'], read: firstAttribute },
];

const FACT_KEYS: ReadonlySet<string> = new Set(FACTS.flatMap(({ keys }) => keys));

function facts(sample: Sample, appearance: Appearance, { fieldText, linkText }: Details): KnownBlock | undefined {
  const fields = FACTS.flatMap(({ title, keys, read }) => {
    const code = inlineCode(read(sample, keys) ?? '', fieldText);
    return code === '' ? [] : [mrkdwn(`*${title}*\n${code}`)];
  });
  fields.push(...traceField(sample, appearance, linkText));
  return fields.length === 0 ? undefined : fieldsBlock(fields);
}

/** Formats the request: `POST /orders/:id → 500`. */
function requestLine(sample: Sample): string | undefined {
  const method = firstAttribute(sample, METHOD_KEYS);
  // A password before the host and the query after the path may be secret, so neither is shown in the channel.
  const route = firstAttribute(sample, ROUTE_KEYS)
    ?.replace(/[?#].*$/s, '')
    .replace(/^(\w+:\/\/)[^/@]*@/, '$1');
  const status = firstAttribute(sample, STATUS_KEYS);
  const request = [method, route].filter((part) => part).join(' ');
  return [request, status && `→ ${status}`].filter((part) => part).join(' ') || undefined;
}

/** Returns the code location of a record without a stack. A stack shows the location in its first line. */
function whereWithoutStack(sample: Sample): string | undefined {
  return sample.exception?.stack ? undefined : codeLocation(sample);
}

function errorType(sample: Sample, keys: readonly string[]): string | undefined {
  const type = firstAttribute(sample, keys);
  return type === sample.exception?.type ? undefined : type;
}

function traceField(sample: Sample, { traceUrl }: Appearance, linkText: number): readonly MrkdwnElement[] {
  const { traceId, spanId = '' } = sample;
  if (traceId === undefined) return [];
  const url = traceUrl?.replaceAll('{traceId}', traceId).replaceAll('{spanId}', spanId);
  const link = url === undefined ? '' : linkMarkup(url, traceId);
  const isLink = link !== '' && link.length <= linkText;
  return [mrkdwn(`*Trace*\n${isLink ? link : `\`${traceId}\``}`)];
}

function stack(sample: Sample, maxLength: number): KnownBlock | undefined {
  const { exception } = sample;
  if (!exception?.stack) return undefined;
  const lines = stackLines(parseStack(exception.stack), {
    maxLength: Math.min(maxLength, SLACK_LIMITS.sectionText) - FENCE_LENGTH,
    measure: escapedLength,
    alreadyMissing: exception.missingStackLines,
  });
  return lines.length === 0
    ? undefined
    : sectionBlock(mrkdwn(codeBlock(lines.map((line) => escaped(line, maxLength)))));
}

const ATTRIBUTE_LINE = 300;

function moreAttributes(sample: Sample, appearance: Appearance, maxLength: number): KnownBlock | undefined {
  const lines: string[] = [];
  let room = Math.min(maxLength, SLACK_LIMITS.sectionText) - FENCE_LENGTH;
  for (const [key, text] of sample.attributes) {
    if (FACT_KEYS.has(key) || !appearance.attributes.some((pattern) => matches(pattern, key))) continue;
    const line = escaped(`${key} = ${oneLine(text)}`, ATTRIBUTE_LINE);
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return lines.length === 0 ? undefined : sectionBlock(mrkdwn(codeBlock(lines)));
}

function matches(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}

function smallPrint({ count, messageId }: Row, { sample, hosts, kind }: Group): KnownBlock {
  const { scopeName, scopeVersion } = sample;
  const scope = [scopeName, scopeVersion].filter((part) => part).join(' ');
  const host = listed(hosts);
  const elements: ContextBlockElement[] = [];
  // Request, user and attributes are those of one record, and readers must not apply them to all.
  if (count > 1 && kind === 'problem') elements.push(mrkdwn(`details of 1 of ${counted(count)}`));
  if (host) elements.push(plainText(`on ${host}`, CONTEXT_TEXT));
  if (scope && kind === 'problem') elements.push(plainText(scope, CONTEXT_TEXT));
  elements.push(mrkdwn(`id ${messageId}`));
  return contextBlock(elements);
}
