// Shared by the apps of this folder: emits one alert, and waits for it in the inbox.
const assert = require('node:assert/strict');

/** Calls `setUp(destination)`, emits an error with the returned logger, and asserts that the inbox shows it. */
exports.exportAlert = async ({ startInbox, setUp }) => {
  const { apiUrl, token, channel, ...inbox } = await startInbox();
  const { logger, shutdown } = setUp({ apiUrl, token, channel });
  logger.emit({ severityNumber: 17, severityText: 'ERROR', body: 'no milk left', attributes: { 'shop.shelf': 4 } });
  await shutdown();
  const script = await fetch(new URL('ui/main.js', inbox.url));
  assert.equal(script.status, 200, 'the page is in the package');
  await script.text();
  const texts = inbox.messages().map(({ text }) => text);
  await inbox.close();
  assert.equal(texts.length, 1);
  assert.match(texts[0], /no milk left/);
};
