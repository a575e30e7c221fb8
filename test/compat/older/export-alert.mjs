// Exports one alert to the inbox with createSlackLogRecordProcessor and an older SDK, whose BatchLogRecordProcessor takes
// (exporter, options). scripts/test-compat.mjs runs it beside that SDK. The argument is the version of the SDK.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';

const expected = process.argv[2];
const entry = createRequire(import.meta.url).resolve('@opentelemetry/sdk-logs');
const home = entry.slice(0, entry.indexOf('/build/'));
assert.equal(JSON.parse(readFileSync(`${home}/package.json`, 'utf8')).version, expected);

const { apiUrl, token, channel, ...inbox } = await startInbox();
const processor = createSlackLogRecordProcessor({ apiUrl, token, channel });
const provider = new LoggerProvider({ processors: [processor] });
const logger = provider.getLogger('older');
logger.emit({ severityNumber: 17, severityText: 'ERROR', body: 'the cellar is full of water' });
logger.emit({ severityNumber: 9, severityText: 'INFO', body: 'not for Slack' });
await provider.forceFlush();
assert.equal(inbox.messages().length, 1);
assert.match(inbox.messages()[0].text, /the cellar is full of water/);
await provider.shutdown();
await inbox.close();
const { accepted, delivered } = processor.stats();
assert.deepEqual({ accepted, delivered }, { accepted: 1, delivered: 1 });
