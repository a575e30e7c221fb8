import { clean, cutTo, oneLine } from '../util/index.js';

/**
 * Slack's text format, and how texts of the app are written in it so that Slack parses nothing in them.
 * Source: https://docs.slack.dev/messaging/formatting-message-text
 */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes the characters `&`, `<` and `>`, which Slack parses. An escaped `<!channel>` in a log line notifies nobody. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] as string);
}

/** Returns the length of a text after escaping. */
export function escapedLength(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 38) length += 4;
    else if (unit === 60 || unit === 62) length += 3;
  }
  return length;
}

/**
 * Cleans, truncates and escapes a text of the app, for `plain_text` objects and for code. `missing`: characters that were
 * truncated before.
 */
export function escaped(text: string, maxLength: number, missing = 0): string {
  return escapeMrkdwn(cutTo(clean(text), maxLength, { measure: escapedLength, missing }));
}

/** Replaces the backtick, which would end the code. */
const BACKTICK_LOOK_ALIKE = '\u02cb';

/**
 * Formats a text as `inline code`, in which Slack parses nothing. The result has at most `maxLength` characters, including
 * the backticks. An empty text returns an empty string.
 */
export function inlineCode(text: string, maxLength: number): string {
  const inner = escaped(oneLine(text).replaceAll('`', BACKTICK_LOOK_ALIKE), maxLength - 2);
  return inner === '' ? '' : `\`${inner}\``;
}

const FENCE = '```';
/** The length that a code block adds to its text. */
export const FENCE_LENGTH: number = 2 * (FENCE.length + 1);

/** Formats lines as a code block. The lines must be cleaned, truncated and escaped already, so that the fence is never truncated. */
export function codeBlock(lines: readonly string[]): string {
  const inner = lines.join('\n').replace(/`{3,}/g, (ticks) => BACKTICK_LOOK_ALIKE.repeat(ticks.length));
  return `${FENCE}\n${inner}\n${FENCE}`;
}

/** Formats a time in the time zone of the reader. `format` consists of Slack's tokens, such as `{date_short_pretty} {time_secs}`. */
export function dateMarkup(timeMillis: number, format: string): string {
  const fallback = new Date(timeMillis).toISOString().replace('T', ' ').slice(0, 19);
  return `<!date^${Math.floor(timeMillis / 1000)}^${format}|${fallback} UTC>`;
}

/** Formats a link. The label must be escaped already; the URL is encoded here. */
export function linkMarkup(url: string, label: string): string {
  return `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${label}>`;
}
