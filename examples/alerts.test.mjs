// Tests an app's alerts with Node's test runner and the local Slack: node --test alerts.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
import { messageText, startInbox } from 'slack-inbox';

let inbox;
let provider;
let logger;

before(async () => {
  inbox = await startInbox();
  // The app's own options, and the local Slack as destination. An app that is set up by environment variables gets
  // inbox.webhookUrl in OTEL_EXPORTER_SLACK_WEBHOOK_URL.
  const options = { mention: { who: 'here', on: ['fatal'] }, denyAttributes: ['user.*'] };
  const slack = createSlackLogRecordProcessor({ ...options, webhookUrl: inbox.webhookUrl });
  provider = new LoggerProvider({ processors: [slack] });
  logger = provider.getLogger('till');
});

after(async () => {
  await provider.shutdown();
  await inbox.close();
});

test('an error shows its text and its route, but not the user', async () => {
  const attributes = { 'http.route': '/pay', 'user.id': 'u-1017' };
  logger.emit({ severityNumber: 17, body: 'payment failed', attributes });
  const [message] = await inbox.waitForMessages(1);
  assert.match(messageText(message), /ERROR · payment failed[\s\S]*\/pay/);
  assert.doesNotMatch(JSON.stringify(message.payload), /u-1017/);
});

test('a FATAL record mentions @here, even after a 429', async () => {
  inbox.setFaults([{ kind: 'rate_limited', retryAfter: 1, times: 1 }]);
  logger.emit({ severityNumber: 21, body: 'the till is down' });
  const [, message] = await inbox.waitForMessages(2);
  assert.match(JSON.stringify(message.payload), /<!here>/);
});
