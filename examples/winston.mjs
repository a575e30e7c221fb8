// An app that logs with winston. The code does not mention Slack. Start it with
//   node --import opentelemetry-exporter-slack/register winston.mjs
// and install @opentelemetry/instrumentation-winston and @opentelemetry/winston-transport.
import winston from 'winston';

const logger = winston.createLogger({
  format: winston.format.combine(winston.format.errors({ stack: true }), winston.format.json()),
  transports: [new winston.transports.Console()],
});

logger.info('importing 3 files');
try {
  JSON.parse('{ "price": }');
} catch (error) {
  logger.error('file was not imported', { error, 'file.name': 'prices.json' });
}
