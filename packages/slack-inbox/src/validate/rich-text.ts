import { LIMITS } from '../model/index.js';
import { anything, boolean, type Fields, integer, list, number, object, oneOf, string, typed, url } from './schema.js';

const style = object({
  optional: {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    unlink: boolean,
    highlight: boolean,
    client_highlight: boolean,
  },
});

const id = string({ min: 1 });
const text = object({ required: { text: string({ min: 1 }) }, optional: { style } });
const link = object({
  required: { url: url(LIMITS.buttonUrl) },
  optional: { text: string(), unsafe: boolean, style },
});

const INLINE: Fields = {
  text,
  link,
  user: object({ required: { user_id: id }, optional: { style } }),
  usergroup: object({ required: { usergroup_id: id }, optional: { style } }),
  channel: object({ required: { channel_id: id }, optional: { style } }),
  team: object({ required: { team_id: id }, optional: { style } }),
  broadcast: object({ required: { range: oneOf('here', 'channel', 'everyone') }, optional: { style } }),
  emoji: object({ required: { name: id }, optional: { unicode: string(), url: anything, skin_tone: number, style } }),
  color: object({ required: { value: id }, optional: { style } }),
  date: object({
    required: { timestamp: number, format: id },
    optional: { url: url(LIMITS.buttonUrl), fallback: string(), style },
  }),
};

const inline = list(typed(INLINE));
const border = integer({ min: 0, max: 1 });
const section = object({ required: { elements: inline } });

const PARTS: Fields = {
  rich_text_section: section,
  rich_text_quote: object({ required: { elements: inline }, optional: { border } }),
  rich_text_preformatted: object({
    required: { elements: list(typed({ text, link })) },
    optional: { border, language: string() },
  }),
  rich_text_list: object({
    required: { style: oneOf('bullet', 'ordered'), elements: list(typed({ rich_text_section: section }), { min: 1 }) },
    optional: { border, indent: integer({ min: 0, max: LIMITS.listIndent }), offset: number },
  }),
};

/** The fields of a `rich_text` block. Without `block_id`, because a `rich_text` in a table cell has none. */
export const RICH_TEXT: Fields = { elements: list(typed(PARTS), { min: 1 }) };
