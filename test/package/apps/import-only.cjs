// The same as import-only.mjs, as CommonJS.
const assert = require('node:assert/strict');

async function main() {
  // Node creates its own dispatcher late: with the first fetch(), or when an ES module imports node:http.
  await fetch('data:,');
  const before = processWide();
  const { SlackLogRecordExporter } = require('opentelemetry-exporter-slack');
  require('slack-inbox');
  assertUntouched(before);

  // Constructed too, and left open: the process ends all the same.
  const exporter = new SlackLogRecordExporter({ webhookUrl: 'https://hooks.slack.com/services/T000/B000/abc' });
  assertUntouched(before);
  assert.equal(exporter.stats().accepted, 0);
  const loaded = Object.keys(require.cache).filter((file) => /[\\/]undici[\\/]/.test(file));
  assert.deepEqual(loaded, [], 'undici is loaded with the first request');
}

main();

/** Returns the process-wide state that an import could change. */
function processWide() {
  return {
    dispatcher1: globalThis[Symbol.for('undici.globalDispatcher.1')],
    dispatcher2: globalThis[Symbol.for('undici.globalDispatcher.2')],
    fetch: globalThis.fetch,
    listeners: process.eventNames().join(),
    handles: process.getActiveResourcesInfo().join(),
  };
}

function assertUntouched(before) {
  const now = processWide();
  for (const [name, value] of Object.entries(before)) assert.ok(now[name] === value, `${name} is not what it was`);
}
