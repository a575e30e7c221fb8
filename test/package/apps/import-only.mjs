// The import alone must have no effect: no output, no open handle, and the same global fetch and dispatcher.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// Node creates its own dispatcher late: with the first fetch(), or when an ES module imports node:http.
await fetch('data:,');
const before = processWide();
const { SlackLogRecordExporter } = await import('opentelemetry-exporter-slack');
await import('slack-inbox');
assertUntouched(before);

// Constructed too, and left open: the process ends all the same.
const exporter = new SlackLogRecordExporter({ webhookUrl: 'https://hooks.slack.com/services/T000/B000/abc' });
assertUntouched(before);
assert.equal(exporter.stats().accepted, 0);
const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => /[\\/]undici[\\/]/.test(file));
assert.deepEqual(loaded, [], 'undici is loaded with the first request');

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
