// An app that logs with bunyan 1.x. The code does not mention Slack. Start it with
//   node --import opentelemetry-exporter-slack/register bunyan.mjs
// and install @opentelemetry/instrumentation-bunyan.
import bunyan from 'bunyan';

const logger = bunyan.createLogger({ name: 'thumbnails' });

logger.info('3 pictures to shrink');
logger.error({ err: new Error('the picture is empty'), picture: 4711 }, 'picture was not shrunk');
