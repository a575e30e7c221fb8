// `otel-slack` in a folder with no other package of ours but slack-inbox, which it depends on: the local Slack answers, and
// the doctor finds the way to it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { startInbox } from 'slack-inbox';

assert.ok(!existsSync('node_modules/opentelemetry-exporter-slack'), 'the exporter is not installed');
const inbox = await startInbox();
const env = { ...process.env, OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl };
const child = spawn('npx', ['--no', '--', 'otel-slack', 'doctor', '--send'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
child.stdout.on('data', (chunk) => {
  output += chunk;
});
await once(child, 'close');
await inbox.close();
assert.match(output, /✓ Destinations +webhook/, output);
assert.match(output, /✓ Test alert/, output);
assert.equal(inbox.messages().length, 1, output);
