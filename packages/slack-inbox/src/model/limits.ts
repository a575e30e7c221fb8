/**
 * Slack's limits, in characters (UTF-16 units, the strictest count) or items. Sources: the Block Kit reference on
 * docs.slack.dev for blocks and elements, the pages of chat.postMessage and chat.update for messages.
 */
export const LIMITS = {
  /** chat.postMessage truncates a longer `text`. */
  text: 40_000,
  /** In UTF-8 bytes. chat.update refuses a longer `text` with `msg_too_long`. */
  updateTextBytes: 4_000,
  /** All blocks of a message. Undocumented: Slack answers `msg_blocks_too_long` from 11,000 to 13,000 characters on. */
  blocksTotal: 12_000,
  blocks: 50,
  attachments: 100,
  /** Slack truncates a longer footer. */
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
  /** All markdown blocks of a message together. */
  markdownTotal: 12_000,
  tables: 1,
  tableRows: 100,
  tableCells: 20,
  /** All cells of a table together. */
  tableText: 10_000,
  listIndent: 8,
} as const;

/** The inbox's own limits. It refuses larger requests, and drops the oldest messages and requests beyond the others. */
export const INBOX_LIMITS = {
  requestBytes: 1_048_576,
  messages: 10_000,
  messageBytes: 67_108_864,
  requests: 20_000,
  requestLogBytes: 67_108_864,
} as const;
