/**
 * The size of the copy of a record that a group keeps, in characters and entries. These limits bound the memory of a
 * group.
 */
export const SAMPLE_LIMITS = {
  messageText: 3_000,
  stackText: 8_000,
  attributes: 64,
  attributeKey: 100,
  attributeText: 1_000,
  /** All attributes together, except short ones. Searching more text for secrets would take too long. */
  attributesText: 6_000,
  nameText: 200,
} as const;
