// Logs that an app writes with winston. Nothing in here knows of Slack: it is started with
//   node --import opentelemetry-exporter-slack/register winston.mjs
// and has @opentelemetry/instrumentation-winston and @opentelemetry/winston-transport installed.
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
