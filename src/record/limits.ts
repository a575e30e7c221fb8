/** What is kept of a record until it is shown. Bounds the memory of a group, in characters and entries. */
export const SAMPLE_LIMITS = {
  messageText: 3_000,
  stackText: 8_000,
  attributes: 64,
  attributeKey: 100,
  attributeText: 1_000,
  /** Of all attributes together, but for short ones: to look for secrets in much more would take too long. */
  attributesText: 6_000,
  nameText: 200,
} as const;
