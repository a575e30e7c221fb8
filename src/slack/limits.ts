/**
 * Slack's limits, as one table, in characters or entries unless noted. Where Slack's documentation and its behaviour
 * differ, the smaller number counts. Sources: https://docs.slack.dev/reference/block-kit/blocks,
 * https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/methods/chat.update
 */
export const SLACK_LIMITS = {
  /** `text`, in UTF-8 bytes: the limit of chat.update. chat.postMessage accepts more. */
  textBytes: 4_000,
  blocks: 50,
  attachments: 100,
  sectionText: 3_000,
  sectionFields: 10,
  sectionFieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  contextText: 2_000,
  actionsElements: 25,
  buttonText: 75,
  buttonUrl: 3_000,
  buttonValue: 2_000,
  id: 255,
  imageText: 2_000,
  imageUrl: 3_000,
  /** All `markdown` blocks of a message together. */
  markdownText: 12_000,
  tableRows: 100,
  tableCells: 20,
  tableText: 10_000,
  /** All blocks of a message together. Undocumented: `msg_blocks_too_long` occurs from about 11,000. */
  messageText: 10_000,
} as const;
