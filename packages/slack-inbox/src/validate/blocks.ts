import { isObject, LIMITS, objectsOf, stringOf } from '../model/index.js';
import { RICH_TEXT } from './rich-text.js';
import {
  all,
  anything,
  boolean,
  type Check,
  type Fields,
  list,
  number,
  object,
  oneOf,
  open,
  string,
  typed,
  url,
} from './schema.js';

function plainText(max: number): Check {
  return typed({ plain_text: object({ required: { text: string({ min: 1, max }) }, optional: { emoji: boolean } }) });
}

function textOf(max: number): Check {
  return (value, pointer, report) => {
    // Slack allows `emoji` only in plain_text, and `verbatim` only in mrkdwn.
    const optional = isObject(value) && value.type === 'mrkdwn' ? { verbatim: boolean } : { emoji: boolean };
    const check = object({ required: { text: string({ min: 1, max }) }, optional });
    typed({ plain_text: check, mrkdwn: check })(value, pointer, report);
  };
}

const actionId = string({ max: LIMITS.actionId });

const confirm = object({
  required: { text: textOf(LIMITS.confirmText) },
  optional: {
    title: plainText(LIMITS.confirmTitle),
    confirm: plainText(LIMITS.confirmButton),
    deny: plainText(LIMITS.confirmButton),
    style: oneOf('primary', 'danger'),
  },
});

const button = object({
  required: { text: plainText(LIMITS.buttonText) },
  optional: {
    action_id: actionId,
    url: url(LIMITS.buttonUrl),
    value: string({ max: LIMITS.buttonValue }),
    style: oneOf('primary', 'danger'),
    accessibility_label: string({ max: LIMITS.accessibilityLabel }),
    confirm,
  },
});

/** Elements that are rare in messages. The inbox checks only their `action_id`. */
const OTHER_ELEMENTS = [
  'checkboxes',
  'datepicker',
  'datetimepicker',
  'overflow',
  'radio_buttons',
  'timepicker',
  'workflow_button',
  'rich_text_input',
  ...['static', 'external', 'users', 'conversations', 'channels'].flatMap((source) => [
    `${source}_select`,
    `multi_${source}_select`,
  ]),
];

const INTERACTIVE: Fields = {
  button,
  ...Object.fromEntries(OTHER_ELEMENTS.map((type) => [type, open({ action_id: actionId })])),
};

const imageSource: Check = (value, pointer, report) => {
  if (!isObject(value) || 'image_url' in value !== 'slack_file' in value) return;
  report('must define either `image_url` or `slack_file`', pointer);
};

function image(extra: Fields): Check {
  const source = { image_url: url(LIMITS.imageUrl), slack_file: anything };
  const required = { alt_text: string({ max: LIMITS.altText }) };
  return all(object({ required, optional: { ...source, ...extra } }), imageSource);
}

const anyText = textOf(LIMITS.textObject);

const textOrFields: Check = (value, pointer, report) => {
  if (!isObject(value) || 'text' in value || 'fields' in value) return;
  report('must define either `fields` or `text`', pointer);
};

const cell = typed({
  raw_text: object({ required: { text: string({ min: 1 }) } }),
  raw_number: object({ required: { value: number }, optional: { text: string() } }),
  rich_text: object({ required: RICH_TEXT }),
});

const tableText: Check = (value, pointer, report) => {
  if (!isObject(value) || countCharacters(value.rows) <= LIMITS.tableText) return;
  report(`must be less than ${LIMITS.tableText + 1} characters`, `${pointer}/rows`);
};

const column = object({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: boolean } });

function block(required: Fields, optional: Fields = {}): Check {
  return object({ required, optional: { ...optional, block_id: string({ max: LIMITS.blockId }) } });
}

/** Blocks that are rare in messages. The inbox checks only their `block_id`. */
const OTHER_BLOCKS = [
  ...['card', 'carousel', 'container', 'context_actions', 'data_table'],
  ...['input', 'plan', 'task_card', 'video'],
];

/** Without `alert`, which is for modals, and `file`, which only Slack sends. An app cannot post either. */
const BLOCKS: Fields = {
  section: all(
    block(
      {},
      {
        text: anyText,
        fields: list(textOf(LIMITS.fieldText), { min: 1, max: LIMITS.fields }),
        accessory: typed({ ...INTERACTIVE, image: image({}) }),
        expand: boolean,
      },
    ),
    textOrFields,
  ),
  header: block({ text: plainText(LIMITS.headerText) }),
  divider: block({}),
  context: block({
    elements: list(typed({ plain_text: anyText, mrkdwn: anyText, image: image({}) }), {
      min: 1,
      max: LIMITS.contextElements,
    }),
  }),
  actions: block({ elements: list(typed(INTERACTIVE), { min: 1, max: LIMITS.actionsElements }) }),
  image: image({ title: plainText(LIMITS.imageTitle), block_id: string({ max: LIMITS.blockId }) }),
  rich_text: block(RICH_TEXT),
  markdown: block({ text: string({ min: 1, max: LIMITS.markdownTotal }) }),
  table: all(
    block(
      { rows: list(list(cell, { min: 1, max: LIMITS.tableCells }), { min: 1, max: LIMITS.tableRows }) },
      { column_settings: list(column, { max: LIMITS.tableCells }) },
    ),
    tableText,
  ),
  ...Object.fromEntries(OTHER_BLOCKS.map((type) => [type, open({ block_id: string({ max: LIMITS.blockId }) })])),
};

/** The blocks of a message or of one attachment. */
export const blockList: Check = list(typed(BLOCKS), { max: LIMITS.blocks });

/** Reports problems of all blocks of a message together: repeated ids, total length of Markdown, number of tables. */
export function checkAcrossBlocks(blocks: readonly unknown[], report: (problem: string) => void): void {
  const known = objectsOf(blocks);
  const ids = known.map((each) => each.block_id).filter((each) => typeof each === 'string' && each !== '');
  const repeatedId = ids.find((each, index) => ids.indexOf(each) !== index);
  if (repeatedId !== undefined) report(`block_id already exists: ${String(repeatedId)}`);
  const markdown = known.filter((each) => each.type === 'markdown').map((each) => stringOf(each.text).length);
  if (markdown.reduce((sum, length) => sum + length, 0) > LIMITS.markdownTotal) {
    report(`markdown must be less than ${LIMITS.markdownTotal + 1} characters in all`);
  }
  if (known.filter((each) => each.type === 'table').length > LIMITS.tables) report('only_one_table_allowed');
}

/** Counts the characters of all strings in blocks, except those of `type`. */
export function countCharacters(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, entry]) => sum + (key === 'type' ? 0 : countCharacters(entry)), 0);
}
