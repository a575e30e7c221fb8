import type {
  ContextBlock,
  ContextBlockElement,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { SLACK_LIMITS } from '../slack/index.js';
import { escaped } from './mrkdwn.js';

/** Builders for Block Kit, one function for each block. Each keeps its block within Slack's limits. */

/** A text of the app. Slack parses nothing in it. `missing`: characters that were truncated before. */
export function plainText(text: string, maxLength: number, missing = 0): PlainTextElement {
  return { type: 'plain_text', text: escaped(text, maxLength, missing), emoji: false };
}

/** Slack markup. Texts of the app in it must be escaped and inside code already. */
export function mrkdwn(markup: string): MrkdwnElement {
  return { type: 'mrkdwn', text: markup, verbatim: true };
}

/** The headline: large, bold, plain text. */
export function headerBlock(text: string, missing = 0): HeaderBlock {
  return { type: 'header', text: plainText(text, SLACK_LIMITS.headerText, missing) };
}

/** A paragraph. */
export function sectionBlock(text: PlainTextElement | MrkdwnElement): SectionBlock {
  return { type: 'section', text };
}

/** Short facts, in two columns on a wide screen. */
export function fieldsBlock(fields: readonly MrkdwnElement[]): SectionBlock {
  return { type: 'section', fields: fields.slice(0, SLACK_LIMITS.sectionFields) };
}

/** Small print. */
export function contextBlock(elements: readonly ContextBlockElement[]): ContextBlock {
  return { type: 'context', elements: elements.slice(0, SLACK_LIMITS.contextElements) };
}

/** Removes `undefined`, which stands for an empty part of a message. */
export function present(blocks: readonly (KnownBlock | undefined)[]): KnownBlock[] {
  return blocks.filter((block) => block !== undefined);
}
