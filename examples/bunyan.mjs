// Logs that an app writes with bunyan 1.x. Nothing in here knows of Slack: it is started with
//   node --import opentelemetry-exporter-slack/register bunyan.mjs
// and has @opentelemetry/instrumentation-bunyan installed.
import bunyan from 'bunyan';

const logger = bunyan.createLogger({ name: 'thumbnails' });

logger.info('3 pictures to shrink');
logger.error({ err: new Error('the picture is empty'), picture: 4711 }, 'picture was not shrunk');
