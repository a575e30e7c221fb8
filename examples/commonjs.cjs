// The same as plain-provider.mjs, in an app that uses require().
const { SeverityNumber } = require('@opentelemetry/api-logs');
const { LoggerProvider } = require('@opentelemetry/sdk-logs');
const { createSlackLogRecordProcessor } = require('opentelemetry-exporter-slack');

const provider = new LoggerProvider({ processors: [createSlackLogRecordProcessor()] });
const logger = provider.getLogger('billing');

function sendInvoice() {
  throw new RangeError('the total is negative: -12.50');
}

try {
  sendInvoice();
} catch (error) {
  logger.emit({
    severityNumber: SeverityNumber.ERROR,
    body: 'invoice could not be sent',
    attributes: { 'user.id': 'u-1017' },
    exception: error,
  });
}

provider.shutdown();
