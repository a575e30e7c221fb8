// SlackLogRecordExporter with the SDK's own BatchLogRecordProcessor, without the gate in front of the SDK's queue.
import { SeverityNumber } from '@opentelemetry/api-logs';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { SlackLogRecordExporter } from 'opentelemetry-exporter-slack';

const exporter = new SlackLogRecordExporter({ minSeverity: 'WARN' });
const processor = new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 500, maxQueueSize: 4_096 });
const provider = new LoggerProvider({ processors: [processor] });
const logger = provider.getLogger('backup');

for (let volume = 1; volume <= 40; volume++) {
  logger.emit({
    severityNumber: SeverityNumber.WARN,
    body: 'backup is older than a day',
    attributes: { volume: `/srv/data-${volume}` },
  });
}

await provider.shutdown();

// Forty equal warnings are one message. stats() accounts for every record, at any time.
const { accepted, delivered, requests } = exporter.stats();
console.log(`${accepted} accepted, ${delivered} delivered in ${requests} request(s)`);
