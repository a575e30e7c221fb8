import { SLACK_LIMITS } from '../slack/index.js';

/**
 * Checks a message that the `render` option returned. Returns the first problem for which Slack would refuse it, with a JSON
 * pointer, or `undefined`. Messages that this package renders keep the limits by construction.
 */
export function problemWith(message: unknown): string | undefined {
  if (!isMap(message))
    return `expected { text, blocks?, attachments? }, got ${message === null ? 'null' : typeof message}`;
  const problems: string[] = [];
  checkText(message.text, problems);
  const blocks = checkBlocks(message.blocks, '/blocks', problems);
  const attachments = checkAttachments(message.attachments, problems);
  checkTables(message, problems);
  if (blocks + attachments > SLACK_LIMITS.messageText) {
    problems.push(
      `/blocks: all texts together: expected at most ${SLACK_LIMITS.messageText} characters, got ${blocks + attachments}`,
    );
  }
  return problems[0];
}

type Fields = Readonly<Record<string, unknown>>;
type Problems = string[];

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkText(text: unknown, problems: Problems): void {
  if (typeof text !== 'string' || text.trim() === '') problems.push('/text: expected a text that is not empty');
  else if (Buffer.byteLength(text) > SLACK_LIMITS.textBytes) {
    problems.push(`/text: expected at most ${SLACK_LIMITS.textBytes} bytes of UTF-8, got ${Buffer.byteLength(text)}`);
  }
}

/** Checks a list of blocks. Returns the number of characters in it. */
function checkBlocks(blocks: unknown, at: string, problems: Problems): number {
  if (blocks === undefined) return 0;
  if (!checkList(blocks, at, SLACK_LIMITS.blocks, problems)) return 0;
  return blocks.reduce((sum: number, block, index) => sum + checkBlock(block, `${at}/${index}`, problems), 0);
}

function checkAttachments(attachments: unknown, problems: Problems): number {
  if (attachments === undefined) return 0;
  if (!checkList(attachments, '/attachments', SLACK_LIMITS.attachments, problems)) return 0;
  return attachments.reduce((sum: number, attachment, index) => {
    const at = `/attachments/${index}`;
    if (isMap(attachment)) return sum + checkBlocks(attachment.blocks, `${at}/blocks`, problems);
    problems.push(`${at}: expected an object`);
    return sum;
  }, 0);
}

/** Slack takes at most one table in a message. */
function checkTables({ blocks, attachments }: Fields, problems: Problems): void {
  const listed = (list: unknown): readonly Fields[] => (Array.isArray(list) ? list.filter(isMap) : []);
  const all = [blocks, ...listed(attachments).map((attachment) => attachment.blocks)].flatMap(listed);
  const tables = all.filter(({ type }) => type === 'table').length;
  if (tables > 1) problems.push(`/blocks: expected at most 1 table, got ${tables}`);
}

function checkList(list: unknown, at: string, max: number, problems: Problems): list is unknown[] {
  if (!Array.isArray(list)) problems.push(`${at}: expected an array`);
  else if (list.length > max) problems.push(`${at}: expected at most ${max}, got ${list.length}`);
  else return true;
  return false;
}

/** The highest text length of a field, by block type and field. */
const TEXT_LIMITS: Readonly<Record<string, number>> = {
  'header/text': SLACK_LIMITS.headerText,
  'section/text': SLACK_LIMITS.sectionText,
  'section/fields': SLACK_LIMITS.sectionFieldText,
  'context/elements': SLACK_LIMITS.contextText,
  'actions/elements': SLACK_LIMITS.buttonText,
  'image/title': SLACK_LIMITS.imageText,
  'image/alt_text': SLACK_LIMITS.imageText,
  'image/image_url': SLACK_LIMITS.imageUrl,
  'markdown/text': SLACK_LIMITS.markdownText,
};

const LIST_LIMITS: Readonly<Record<string, number>> = {
  'section/fields': SLACK_LIMITS.sectionFields,
  'context/elements': SLACK_LIMITS.contextElements,
  'actions/elements': SLACK_LIMITS.actionsElements,
  'table/rows': SLACK_LIMITS.tableRows,
};

function checkBlock(block: unknown, at: string, problems: Problems): number {
  if (!isMap(block) || typeof block.type !== 'string') {
    problems.push(`${at}: expected a block with a type`);
    return 0;
  }
  let characters = 0;
  for (const [field, value] of Object.entries(block)) {
    const name = `${block.type}/${field}`;
    if (field !== 'type') characters += checkField(value, { at: `${at}/${field}`, name, problems });
  }
  return characters;
}

/** Returns the limit of a list: of a field's list, or of the cells in a table row. */
function listLimit(name: string, at: string): number | undefined {
  if (name === 'table/rows' && /\/rows\/\d+$/.test(at)) return SLACK_LIMITS.tableCells;
  return /\/\d+$/.test(at) ? undefined : LIST_LIMITS[name];
}

interface FieldContext {
  readonly at: string;
  readonly name: string;
  readonly problems: Problems;
}

function checkField(value: unknown, { at, name, problems }: FieldContext): number {
  if (Array.isArray(value)) {
    const max = listLimit(name, at);
    if (max !== undefined && value.length > max) problems.push(`${at}: expected at most ${max}, got ${value.length}`);
    if (max !== undefined && value.length === 0) problems.push(`${at}: expected at least 1, got 0`);
    return value.reduce(
      (sum: number, part, index) => sum + checkField(part, { at: `${at}/${index}`, name, problems }),
      0,
    );
  }
  if (isMap(value)) {
    return Object.entries(value).reduce(
      (sum, [field, part]) => sum + (field === 'type' ? 0 : checkField(part, { at: `${at}/${field}`, name, problems })),
      0,
    );
  }
  return typeof value === 'string' ? checkLength(value, { at, name, problems }) : 0;
}

/** The limits of fields that are the same in every block and element. */
const ANYWHERE: Readonly<Record<string, number>> = {
  block_id: SLACK_LIMITS.id,
  action_id: SLACK_LIMITS.id,
  url: SLACK_LIMITS.buttonUrl,
  value: SLACK_LIMITS.buttonValue,
};

function checkLength(text: string, { at, name, problems }: FieldContext): number {
  const max = ANYWHERE[at.slice(at.lastIndexOf('/') + 1)] ?? TEXT_LIMITS[name];
  if (max !== undefined && text.length > max)
    problems.push(`${at}: expected at most ${max} characters, got ${text.length}`);
  if (text === '' && /\/text$/.test(at)) problems.push(`${at}: expected a text that is not empty`);
  return text.length;
}
