import assert from 'node:assert/strict';

/** Runs `test` with a local Slack, and closes that afterwards. */
export async function withInbox(test) {
  // Not at the top of the file: the build of the packages comes first.
  const { startInbox } = await import('slack-inbox');
  const inbox = await startInbox();
  try {
    await test(inbox);
  } finally {
    await inbox.close();
  }
}

/** Asserts that the inbox has one message for each expected text, in this order. */
export async function assertMessages(inbox, expected) {
  const { messageText } = await import('slack-inbox');
  const texts = inbox.messages().map(messageText);
  assert.equal(texts.length, expected.length, `expected ${expected.length} messages, got:\n${texts.join('\n')}`);
  for (const [index, text] of texts.entries()) assert.match(text, expected[index]);
}
