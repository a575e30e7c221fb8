import type { Destination, LastWord, SlackMessage } from './types.js';

/** A message, and the numbers of the messages from which it was merged. */
export interface MergedLastWord {
  readonly word: LastWord;
  readonly from: readonly number[];
}

/** Slack advises against more attachments. Source: https://docs.slack.dev/messaging/formatting-message-text (attachments) */
const MAX_ATTACHMENTS = 20;
/** Source: https://docs.slack.dev/reference/block-kit/blocks (50 blocks in a message) */
const MAX_BLOCKS = 50;
/** Slack truncates a longer text. Source: https://docs.slack.dev/changelog/2018-truncating-really-long-messages */
const MAX_TEXT_LENGTH = 40_000;

/**
 * Merges messages to the same destination: several exporters of a process may post to one channel, and Slack takes one
 * message a second.
 */
export function mergeLastWords(words: readonly LastWord[]): readonly MergedLastWord[] {
  const merged: MergedLastWord[] = [];
  for (const [at, word] of words.entries()) {
    const last = merged.findLastIndex(({ word: { destination } }) => isSame(destination, word.destination));
    const both = merged[last] && merge(merged[last].word, word);
    if (both === undefined) merged.push({ word: after(merged[last]?.word, word), from: [at] });
    else merged[last] = { word: both, from: [...(merged[last]?.from ?? []), at] };
  }
  return merged;
}

function isSame(one: Destination, other: Destination): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Returns `undefined` when both together exceed a limit. */
function merge(one: LastWord, other: LastWord): LastWord | undefined {
  const text = `${one.message.text}\n${other.message.text}`;
  const attachments = [...(one.message.attachments ?? []), ...(other.message.attachments ?? [])];
  const blocks = [...(one.message.blocks ?? []), ...(other.message.blocks ?? [])];
  const isTooLong = attachments.length > MAX_ATTACHMENTS || blocks.length > MAX_BLOCKS || text.length > MAX_TEXT_LENGTH;
  if (isTooLong || isRich(one.message) !== isRich(other.message)) return undefined;
  const message = { text, ...(blocks.length > 0 && { blocks }), ...(attachments.length > 0 && { attachments }) };
  return { ...one, message, delayMillis: Math.max(one.delayMillis, other.delayMillis) };
}

/** A text beside blocks is not shown in the channel, so a message that is only a text stays on its own. */
function isRich({ blocks, attachments }: SlackMessage): boolean {
  return blocks !== undefined || attachments !== undefined;
}

/** A second message to the same destination follows a second later. */
function after(earlier: LastWord | undefined, word: LastWord): LastWord {
  return earlier === undefined
    ? word
    : { ...word, delayMillis: Math.max(word.delayMillis, earlier.delayMillis + 1_000) };
}
