import { clean, cutTo, oneLine } from '../util/text.js';

/**
 * Slack's text format, and how a stranger's text gets into it without coming to life.
 * Source: https://docs.slack.dev/messaging/formatting-message-text
 */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes what Slack parses: with this a `<!channel>` in a log line wakes nobody. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] as string);
}

/** How long a text is once it is escaped. */
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
 * A stranger's text, cleaned, cut and escaped: for `plain_text` objects and for inside code. `missing`: characters that
 * were cut off before.
 */
export function escaped(text: string, maxLength: number, missing = 0): string {
  return escapeMrkdwn(cutTo(clean(text), maxLength, { measure: escapedLength, missing }));
}

/** A look-alike for the backtick, which would end code. */
const BACKTICK_LOOK_ALIKE = '\u02cb';

/** A stranger's text as `inline code`, in which Slack formats nothing; at most `maxLength` long, the ticks included. */
export function inlineCode(text: string, maxLength: number): string {
  const inner = escaped(oneLine(text).replaceAll('`', BACKTICK_LOOK_ALIKE), maxLength - 2);
  return inner === '' ? '' : `\`${inner}\``;
}

const FENCE = '```';
/** What a fence adds to the text inside it. */
export const FENCE_LENGTH: number = 2 * (FENCE.length + 1);

/** Lines as a code block. The lines must be cleaned, cut and escaped already: a fence must never be cut. */
export function codeBlock(lines: readonly string[]): string {
  const inner = lines.join('\n').replace(/`{3,}/g, (ticks) => BACKTICK_LOOK_ALIKE.repeat(ticks.length));
  return `${FENCE}\n${inner}\n${FENCE}`;
}

/** A time in the reader's own time zone; `format` is made of Slack's tokens, such as `{date_short_pretty} {time_secs}`. */
export function dateMarkup(timeMillis: number, format: string): string {
  const fallback = new Date(timeMillis).toISOString().replace('T', ' ').slice(0, 19);
  return `<!date^${Math.floor(timeMillis / 1000)}^${format}|${fallback} UTC>`;
}

/** A link of ours. The label must be escaped already; the URL is made harmless here. */
export function linkMarkup(url: string, label: string): string {
  return `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${label}>`;
}
