// The app of ends.mjs and ends.cjs. It runs with or without our package, and ends in the given way.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-http');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs');

/**
 * how: the way it ends. options: our options; without them the app does not use our package. otlpUrl: a collector that
 * does not answer. isUnsettled: a detector of its resource never settles. hasHistory: the app first delivers a record,
 * and then waits for a line on stdin.
 */
const { how, options, otlpUrl, isUnsettled, hasHistory } = JSON.parse(process.argv[2]);

/** Runs synchronously up to the end of the process, unless the app has a history. */
function run(createSlackLogRecordProcessor) {
  const never = isUnsettled ? { 'host.id': new Promise(() => {}) } : {};
  const resource = resourceFromAttributes({ 'service.name': 'checkout', ...never });
  const slack = options && createSlackLogRecordProcessor(options);
  const otlp = otlpUrl && new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: otlpUrl }) });
  const processors = [otlp, slack].filter((processor) => processor !== undefined);
  const provider = new LoggerProvider({ processors, resource });
  const logger = provider.getLogger('orders');
  const emit = (count, body = 'disk is full') => {
    for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body });
  };
  const app = { provider, emit };
  if (hasHistory) afterHistory(app);
  else ENDS[how](app);
}

/** Ends in a timer: an error thrown in this async function would be a rejection. */
async function afterHistory(app) {
  app.emit(1, 'said before');
  await app.provider.forceFlush();
  console.log('said');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  setTimeout(() => ENDS[how](app), 0);
}

const ENDS = {
  exit({ emit }) {
    emit(10);
    console.log('the app says this');
    process.exit(3);
  },
  throw({ emit }) {
    emit(10);
    console.log('the app says this');
    throw new TypeError('x is not a function', { cause: new RangeError('too far') });
  },
  reject({ emit }) {
    emit(10);
    Promise.reject(new RangeError('nobody handles this'));
    console.log('the app says this');
  },
  'handle it'({ emit }) {
    process.on('uncaughtException', (error) => {
      console.error(`handled: ${error.message}`);
      process.exit(4);
    });
    emit(10);
    throw new Error('the app handles this itself');
  },
  'capture it'({ emit }) {
    process.setUncaughtExceptionCaptureCallback((error) => {
      console.error(`captured: ${error.message}`);
      process.exitCode = 5;
    });
    emit(10);
    throw new Error('the app captures this itself');
  },
  'run out'({ emit }) {
    emit(10);
    console.log('the app says this');
  },
  async 'shut down'({ emit, provider }) {
    emit(10);
    await provider.shutdown();
  },
  async SIGKILL(app) {
    await accepted(app);
    process.kill(process.pid, 'SIGKILL');
  },
  async SIGTERM(app) {
    await accepted(app);
    process.kill(process.pid, 'SIGTERM');
    setInterval(() => {}, 1_000);
  },
  async 'out of memory'(app) {
    await accepted(app);
    for (const hog = []; ; ) hog.push(Array.from({ length: 10_000 }, (_, at) => `${at}`));
  },
};

/**
 * Emits ten records and waits until they are spooled, if there is a spool. Then emits three that are not exported yet.
 */
async function accepted({ emit }) {
  emit(10);
  if (options.spool) while (!isSpooled()) await new Promise((resolve) => setTimeout(resolve, 10));
  emit(3, 'too late');
}

function isSpooled() {
  const { directory } = options.spool;
  const segments = readdirSync(directory).filter((name) => name.endsWith('.spool'));
  return segments.some((name) => readFileSync(join(directory, name), 'utf8').includes('disk is full'));
}

exports.isWithUs = options !== undefined;
exports.run = run;
