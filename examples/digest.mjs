// Many problems at once become one message, a digest, with a line for each. The digest is updated.
// This needs a bot token (OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL). A webhook cannot edit its messages:
// with a webhook, further messages follow instead.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor();
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('catalogue');

// The nightly import of a broken catalogue: fifteen problems, because their words differ. Texts that differ only in
// numbers would be one problem. Up to sixty problems have a line each, in up to four digests. Of more than sixty, one
// digest names the worst and counts the others.
const SHELVES = ['teapots', 'mugs', 'kettles'];
const TROUBLES = ['no price', 'no picture', 'no supplier', 'no category', 'no weight'];
for (const shelf of SHELVES) {
  for (const trouble of TROUBLES) logger.emit({ severityNumber: 17, body: `${shelf}: an article has ${trouble}` });
}
await provider.forceFlush(); // without it, the digest would be posted within a second

// Two of the problems continue. While an app runs, the digest is updated every ten seconds. Here shutdown() updates it.
for (let article = 0; article < 120; article++) {
  logger.emit({ severityNumber: 17, body: 'teapots: an article has no price', attributes: { article } });
  if (article < 12)
    logger.emit({ severityNumber: 17, body: 'mugs: an article has no picture', attributes: { article } });
}
await provider.shutdown();

// One message was posted, and then updated.
console.log(`${slack.stats().delivered} delivered`);
