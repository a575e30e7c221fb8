import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

/**
 * An app that logs errors and ends: `node app-process.mjs '{"load":"kinds","webhookUrl":"…"}'`. Without a webhook URL its
 * exporter does nothing. Prints its CPU time and its peak memory. It runs the build in plain Node, because a loader
 * would be measured with it.
 */

const BURST = 500;
/** Between two bursts, and once more while the exporter is still at work: its queue must not overflow. */
const PAUSE_MILLIS = 30;
const BUSY = 0.3;
const ERROR = 17;

const attributes = { 'http.request.method': 'POST', 'http.route': '/orders/:id', 'user.id': 'u_17' };

/** Functions that fail: each throws from a place of its own in the stack. */
const KINDS = Array.from({ length: 50 }, (_, kind) => {
  const name = wordOf(kind);
  const functions = {
    [`charge_${name}`](order) {
      throw new RangeError(`amount ${order} is out of range`);
    },
    [`pay_${name}`]: (order) => functions[`charge_${name}`](order),
    [`checkout_${name}`]: (order) => functions[`pay_${name}`](order),
    [`handle_${name}`]: (order) => functions[`checkout_${name}`](order),
  };
  return functions[`handle_${name}`];
});

/** Fifty problems, again and again. */
function errorOfFewKinds(number) {
  try {
    KINDS[number % KINDS.length](number);
  } catch (error) {
    return error;
  }
}

/** Another problem each time: another message, and a stack of other functions. */
function errorUnlikeTheOthers(number) {
  const name = wordOf(number);
  const error = new RangeError(`amount is out of range for ${name}`);
  const frames = Array.from({ length: 12 }, (_, at) => `    at ${name}${at} (/srv/app/src/${name}.js:${at + 1}:13)`);
  error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  return error;
}

/** A word, because a number would be taken for a value. */
function wordOf(number) {
  return [...`${10_000 + number}`].map((digit) => 'acegikmoqs'[digit]).join('');
}

const LOADS = {
  kinds: { records: 50_000, makeError: errorOfFewKinds },
  different: { records: 20_000, makeError: errorUnlikeTheOthers },
};

/** An exporter that does nothing but count. */
const noopExporter = {
  exported: 0,
  export(records, done) {
    this.exported += records.length;
    done({ code: 0 });
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

async function emitAll(logger, { records, makeError }) {
  for (let number = 0; number < records; number++) {
    const exception = makeError(number);
    logger.emit({ severityNumber: ERROR, severityText: 'ERROR', body: 'charge failed', exception, attributes });
    if (number % BURST === BURST - 1) await pause();
  }
}

async function pause() {
  let before;
  do {
    before = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  } while (performance.eventLoopUtilization(before).utilization > BUSY);
}

const { load, webhookUrl } = JSON.parse(process.argv[2]);
const ours = webhookUrl && createSlackLogRecordProcessor({ webhookUrl });
const processor = ours || new BatchLogRecordProcessor({ exporter: noopExporter });
const provider = new LoggerProvider({ processors: [processor] });
const before = process.cpuUsage();
await emitAll(provider.getLogger('bench'), LOADS[load]);
await provider.forceFlush();
await provider.shutdown();
const { user, system } = process.cpuUsage(before);
const { records } = LOADS[load];
const exported = ours ? ours.stats().delivered : noopExporter.exported;
const peakMegabytes = process.resourceUsage().maxRSS / 1_024;
console.log(JSON.stringify({ cpuMicros: (user + system) / records, peakMegabytes, lost: records - exported }));
