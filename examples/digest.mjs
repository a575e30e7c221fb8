// Many problems at once are one message, with a line each for the worst of them, and that message is kept up to date.
// Needs a bot token (OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL): what a webhook has posted cannot be
// changed any more, so there what is new is told in further messages.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor();
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('catalogue');

// The nightly import of a broken catalogue: fifteen problems, for the words differ. Numbers alone would make them one.
// Of up to sixty each has a line in one of four messages; of more, the worst have, and the others are counted.
const SHELVES = ['teapots', 'mugs', 'kettles'];
const TROUBLES = ['no price', 'no picture', 'no supplier', 'no category', 'no weight'];
for (const shelf of SHELVES) {
  for (const trouble of TROUBLES) logger.emit({ severityNumber: 17, body: `${shelf}: an article has ${trouble}` });
}
await provider.forceFlush(); // without it they would go out by themselves, within a second

// Two of them go on. While an app runs, the message is updated every ten seconds; at the end, shutdown() does it.
for (let article = 0; article < 120; article++) {
  logger.emit({ severityNumber: 17, body: 'teapots: an article has no price', attributes: { article } });
  if (article < 12)
    logger.emit({ severityNumber: 17, body: 'mugs: an article has no picture', attributes: { article } });
}
await provider.shutdown();

// One message was posted, and it was updated.
console.log(`${slack.stats().delivered} delivered`);
