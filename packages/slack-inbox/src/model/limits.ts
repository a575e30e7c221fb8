/**
 * Slack's limits, in characters (UTF-16 units, the strictest way to count) or items. From docs.slack.dev: the Block Kit
 * reference for `blocks` and elements, chat.postMessage and chat.update for the message.
 */
export const LIMITS = {
  /** chat.postMessage cuts a longer `text`. */
  text: 40_000,
  /** chat.update refuses a longer `text` with `msg_too_long`; counted in UTF-8 bytes. */
  updateTextBytes: 4_000,
  /** Undocumented: `msg_blocks_too_long` comes at 11,000–13,000 characters over all blocks of a message. */
  blocksTotal: 12_000,
  blocks: 50,
  attachments: 100,
  /** Longer footers are cut. */
  attachmentFooter: 300,
  blockId: 255,
  actionId: 255,
  textObject: 3_000,
  headerText: 150,
  fields: 10,
  fieldText: 2_000,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonUrl: 3_000,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  altText: 2_000,
  imageTitle: 2_000,
  imageUrl: 3_000,
  /** Over all markdown blocks of a message. */
  markdownTotal: 12_000,
  tables: 1,
  tableRows: 100,
  tableCells: 20,
  /** Over all cells. */
  tableText: 10_000,
  listIndent: 8,
} as const;

/** What the inbox itself refuses or forgets; not Slack's. */
export const INBOX_LIMITS = {
  requestBytes: 1_048_576,
  messages: 10_000,
  messageBytes: 67_108_864,
  requests: 20_000,
  requestLogBytes: 67_108_864,
} as const;
