import { isObject, type JsonObject, LIMITS, objectsOf, stringOf } from '../model/index.js';
import { blockList, checkAcrossBlocks, countCharacters } from './blocks.js';

/** Slack's refusal of a message. */
interface Refusal {
  /** Slack's error, e.g. `invalid_blocks`. */
  readonly error: string;
  /** Details with JSON pointers, e.g. `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
  readonly problems?: readonly string[];
}

/** The keys of an attachment with blocks. Slack refuses the legacy fields beside `blocks`. */
const KEYS_WITH_BLOCKS = ['blocks', 'color', 'fallback'];

const ATTACHMENT_STRINGS = [
  ...['fallback', 'color', 'pretext', 'author_name', 'author_link', 'author_icon', 'title', 'title_link', 'text'],
  ...['image_url', 'thumb_url', 'footer', 'footer_icon'],
];

type Rule = (message: JsonObject) => Refusal | undefined;

/** The first rule that refuses the message decides, in Slack's order: types, then structure, then size. */
const RULES: readonly Rule[] = [
  refuseText,
  refuseMetadata,
  refuseTooManyAttachments,
  refuseEmptyMessage,
  refuseBlocks,
  refuseAttachments,
  refuseBlocksTogether,
  refuseSize,
];

/** Returns the refusal that Slack would answer to this message; `undefined` when Slack would accept it. */
export function refuseMessage(message: JsonObject): Refusal | undefined {
  for (const rule of RULES) {
    const refusal = rule(message);
    if (refusal) return refusal;
  }
  return undefined;
}

function refuseText({ text }: JsonObject): Refusal | undefined {
  if (isAbsent(text) || typeof text === 'string') return undefined;
  return { error: 'invalid_arguments', problems: ['must provide a string [json-pointer:/text]'] };
}

function refuseMetadata({ metadata }: JsonObject): Refusal | undefined {
  if (isAbsent(metadata)) return undefined;
  if (!isObject(metadata)) return { error: 'invalid_metadata_format' };
  const isValid = stringOf(metadata.event_type) !== '' && isObject(metadata.event_payload);
  return isValid ? undefined : { error: 'invalid_metadata_schema' };
}

function refuseTooManyAttachments({ attachments }: JsonObject): Refusal | undefined {
  if (isAbsent(attachments)) return undefined;
  if (!Array.isArray(attachments)) return { error: 'invalid_attachments' };
  return attachments.length > LIMITS.attachments ? { error: 'too_many_attachments' } : undefined;
}

function refuseEmptyMessage({ text, blocks, attachments }: JsonObject): Refusal | undefined {
  const contents = [stringOf(text).trim(), ...itemsOf(blocks), ...itemsOf(attachments).filter(hasContent)];
  return contents.some((each) => each !== '') ? undefined : { error: 'no_text' };
}

function refuseBlocks({ blocks }: JsonObject): Refusal | undefined {
  if (isAbsent(blocks)) return undefined;
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format' };
  const problems: string[] = [];
  blockList(blocks, '/blocks', (problem, pointer) => problems.push(withPointer(problem, pointer)));
  return problems.length > 0 ? { error: 'invalid_blocks', problems } : undefined;
}

function refuseAttachments({ attachments }: JsonObject): Refusal | undefined {
  const problems = itemsOf(attachments).flatMap((each, index) => attachmentProblems(each, `/attachments/${index}`));
  return problems.length > 0 ? { error: 'invalid_attachments', problems } : undefined;
}

function attachmentProblems(attachment: unknown, pointer: string): string[] {
  if (!isObject(attachment)) return [withPointer('must provide an object', pointer)];
  const problems = ATTACHMENT_STRINGS.filter((key) => !isAbsent(attachment[key]) && typeof attachment[key] !== 'string')
    .map((key) => withPointer('must provide a string', `${pointer}/${key}`))
    .concat(fieldProblems(attachment.fields, `${pointer}/fields`));
  if (itemsOf(attachment.blocks).length === 0) return problems;
  if (Object.keys(attachment).some((key) => !KEYS_WITH_BLOCKS.includes(key))) problems.push('invalid_keys');
  blockList(attachment.blocks, `${pointer}/blocks`, (problem, at) => problems.push(withPointer(problem, at)));
  return problems;
}

function fieldProblems(fields: unknown, pointer: string): string[] {
  const isValid = isAbsent(fields) || (Array.isArray(fields) && fields.every(isObject));
  return isValid ? [] : [withPointer('must provide an array of objects', pointer)];
}

function refuseBlocksTogether(message: JsonObject): Refusal | undefined {
  const problems: string[] = [];
  checkAcrossBlocks(allBlocks(message), (problem) => problems.push(withPointer(problem, '/blocks')));
  return problems.length > 0 ? { error: 'invalid_blocks', problems } : undefined;
}

function refuseSize(message: JsonObject): Refusal | undefined {
  return countCharacters(allBlocks(message)) > LIMITS.blocksTotal ? { error: 'msg_blocks_too_long' } : undefined;
}

function allBlocks({ blocks, attachments }: JsonObject): unknown[] {
  return [...itemsOf(blocks), ...objectsOf(attachments).flatMap((each) => itemsOf(each.blocks))];
}

function hasContent(attachment: unknown): boolean {
  if (!isObject(attachment)) return true;
  return ['text', 'fallback', 'pretext', 'title', 'fields', 'image_url', 'blocks', 'footer', 'author_name'].some(
    (key) => !isAbsent(attachment[key]) && attachment[key] !== '',
  );
}

function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : isAbsent(list) ? [] : [list];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function withPointer(problem: string, pointer: string): string {
  return `${problem} [json-pointer:${pointer}]`;
}
