import type { ContextBlockElement, KnownBlock, MrkdwnElement } from '@slack/types';
import type { DistinctValues } from '../groups/distinct-values.js';
import type { Breakdown, Group, Row } from '../groups/group.js';
import type { Sample } from '../record/sample.js';
import { parseStack, stackLines } from '../record/stack.js';
import { CODE_KEYS, codeLocation, firstAttribute } from '../record/summary.js';
import { SLACK_LIMITS } from '../slack/limits.js';
import { counted, countedOf, oneLine } from '../util/text.js';
import { contextBlock, fieldsBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import { breakdownText } from './breakdown.js';
import { headlineText } from './headline.js';
import { codeBlock, dateMarkup, escaped, escapedLength, FENCE_LENGTH, inlineCode, linkMarkup } from './mrkdwn.js';

/** What of the appearance the options decide. */
export interface Appearance {
  /** A URL with `{traceId}` and, if wanted, `{spanId}`. */
  readonly traceUrl: string | undefined;
  /** Attributes to show besides those that have a field of their own: keys, or beginnings of keys with a `*` behind. */
  readonly attributes: readonly string[];
}

/** How much room the parts have, in characters. */
export interface Details {
  readonly messageText: number;
  readonly stackText: number;
  readonly attributesText: number;
  readonly fieldText: number;
  /** The link to the trace; when it is longer, the id is shown. */
  readonly linkText: number;
}

/** What a person needs in the first minute, from the top: what was said, by whose request, the stack, the rest. */
export function renderDetails(row: Row, group: Group, appearance: Appearance, details: Details): KnownBlock[] {
  if (group.breakdown !== undefined) return [breakdownBlock(group.breakdown), smallPrint(row, group)];
  return [...renderSample(group.sample, headlineText(row), appearance, details), smallPrint(row, group)];
}

/** What one record says. `headline`: what is told above it already. */
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

/** Who, and when, and how often: the line under the headline. */
export function whoAndWhen(row: Row, group: Group | undefined): KnownBlock {
  const who = [row.where, group && listed(group.versions)].filter((part) => part).join(' · ');
  return contextBlock([...(who ? [plainText(who, CONTEXT_TEXT)] : []), mrkdwn(when(row))]);
}

function when({ kind, count, firstSeenMillis, lastSeenMillis, perMinute, status }: Row): string {
  const times = timesMarkup(firstSeenMillis, lastSeenMillis);
  if (count === 1 || kind === 'loss') return times;
  const rate = status === 'live' && perMinute > 1 && lastSeenMillis - firstSeenMillis >= RATE_AFTER_MILLIS;
  return `${counted(count)} times, ${rate ? `${counted(perMinute)} a minute, ` : ''}${times}`;
}

/** What came within a minute has no rate yet. */
const RATE_AFTER_MILLIS = 60_000;
/** Hosts and versions that are named; the others are counted. */
const MOST_LISTED = 3;

/** `web-1, web-2, web-3 and 4 others`. */
function listed(seen: DistinctValues): string {
  const values = seen.values();
  const named = values.slice(0, MOST_LISTED).join(', ');
  const others = values.length - MOST_LISTED;
  return others > 0 ? `${named} and ${countedOf(others, 'other')}${seen.isFull ? ' or more' : ''}` : named;
}

/** So close to each other two times need one date, also about midnight. */
const SAME_DAY_MILLIS = 12 * 3_600_000;

/** A time, or from when to when, in the reader's own time zone. */
export function timesMarkup(firstMillis: number, lastMillis: number): string {
  const first = dateMarkup(firstMillis, '{date_short_pretty} {time_secs}');
  const spanMillis = lastMillis - firstMillis;
  if (spanMillis < 1_000) return first;
  const isSameDay = spanMillis < SAME_DAY_MILLIS;
  return `from ${first} to ${dateMarkup(lastMillis, isSameDay ? '{time_secs}' : '{date_short_pretty} {time_secs}')}`;
}

/** What the headline could not say: it is one line of at most 150 characters. */
function fullMessage(sample: Sample, headline: string, maxLength: number): KnownBlock | undefined {
  const { exception, message } = sample;
  const isCut = escapedLength(headline) > SLACK_LIMITS.headerText;
  const isToldThere = (text: string): boolean =>
    !isCut && !text.trim().includes('\n') && headline.includes(oneLine(text));
  const texts = new Set([exception?.message ?? '', message].filter((text) => text.trim() !== '' && !isToldThere(text)));
  if (texts.size === 0) return undefined;
  const missing = (exception?.missingMessage ?? 0) + sample.missingMessage;
  return sectionBlock(plainText([...texts].join('\n').trim(), maxLength, missing));
}

/** A short fact under a bold title: attributes that matter wherever they occur. */
interface Fact {
  readonly title: string;
  /** The attributes that it tells; they are not told again among the others. */
  readonly keys: readonly string[];
  readonly read: (sample: Sample, keys: readonly string[]) => string | undefined;
}

const METHOD_KEYS = ['http.request.method', 'http.method'] as const;
const ROUTE_KEYS = ['http.route', 'url.path', 'http.target', 'url.full'] as const;
const STATUS_KEYS = ['http.response.status_code', 'http.status_code'] as const;

/** To show another fact, add a line. Keys: current semantic conventions first, then what older libraries write. */
const FACTS: readonly Fact[] = [
  { title: 'Request', keys: [...METHOD_KEYS, ...ROUTE_KEYS, ...STATUS_KEYS], read: requestLine },
  { title: 'Where', keys: CODE_KEYS, read: whereWithoutStack },
  { title: 'User', keys: ['user.id', 'enduser.id', 'user.name'], read: firstAttribute },
  { title: 'Session', keys: ['session.id'], read: firstAttribute },
  { title: 'Error type', keys: ['error.type'], read: errorType },
  { title: 'Peer', keys: ['server.address', 'peer.service', 'net.peer.name'], read: firstAttribute },
  { title: 'Database', keys: ['db.operation.name', 'db.system.name', 'db.system'], read: firstAttribute },
];

const TOLD_KEYS: ReadonlySet<string> = new Set(FACTS.flatMap(({ keys }) => keys));

function facts(sample: Sample, appearance: Appearance, { fieldText, linkText }: Details): KnownBlock | undefined {
  const fields = FACTS.flatMap(({ title, keys, read }) => {
    const code = inlineCode(read(sample, keys) ?? '', fieldText);
    return code === '' ? [] : [mrkdwn(`*${title}*\n${code}`)];
  });
  fields.push(...traceField(sample, appearance, linkText));
  return fields.length === 0 ? undefined : fieldsBlock(fields);
}

/** `POST /orders/:id → 500` */
function requestLine(sample: Sample): string | undefined {
  const method = firstAttribute(sample, METHOD_KEYS);
  // Neither a password before the host nor what is asked for behind the path is for everybody in the channel.
  const route = firstAttribute(sample, ROUTE_KEYS)
    ?.replace(/[?#].*$/s, '')
    .replace(/^(\w+:\/\/)[^/@]*@/, '$1');
  const status = firstAttribute(sample, STATUS_KEYS);
  const request = [method, route].filter((part) => part).join(' ');
  return [request, status && `→ ${status}`].filter((part) => part).join(' ') || undefined;
}

/** The stack says it in its first line, and a phone is small. */
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
    if (TOLD_KEYS.has(key) || !appearance.attributes.some((pattern) => matches(pattern, key))) continue;
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
  // Request, user and attributes are of one record; they must not be read as true of all.
  if (count > 1 && kind === 'problem') elements.push(mrkdwn(`details of 1 of ${counted(count)}`));
  if (host) elements.push(plainText(`on ${host}`, CONTEXT_TEXT));
  if (scope && kind === 'problem') elements.push(plainText(scope, CONTEXT_TEXT));
  elements.push(mrkdwn(`id ${messageId}`));
  return contextBlock(elements);
}
