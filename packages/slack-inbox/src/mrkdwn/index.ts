export { isDate } from './date.js';
export { emojiName, emojiText, withEmoji } from './emoji.js';
export { blockText, elementText, messageText } from './message-text.js';
export { type Control, decodeEntities, liveMarkup, type MessageContent, parseMrkdwn } from './parse.js';
