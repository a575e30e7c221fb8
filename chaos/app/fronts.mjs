// The three ways in which the app under chaos logs: through the processor, through the exporter behind the SDK's own
// processor, and without this package.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { problemOf } from './load.mjs';

const resource = resourceFromAttributes({ 'service.name': 'checkout' });
const DELAYS = { scheduledDelayMillis: 500 };

/** A tenth of the time in which the disk must answer is too short on a busy machine. */
const DISK_MILLIS = 5_000;
const OPERATION_MILLIS = 3_000;

/**
 * Returns how long a timer takes when the clock is `speed` times as fast. Timers that wait for real work keep their full
 * time: those with `ref: true`, which wait for the disk or for a shutdown, up to five seconds, and those without options,
 * which limit a single operation, up to three.
 */
function delayOf(millis, options, speed) {
  if (options === undefined && millis <= OPERATION_MILLIS) return millis;
  return options?.ref ? Math.min(millis, Math.max(millis / speed, DISK_MILLIS)) : millis / speed;
}

/** The system clock, `speed` times as fast. */
function fastClock(speed) {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now() * speed,
    after(millis, callback, options) {
      const timer = setTimeout(callback, Math.min(Math.max(delayOf(millis, options, speed), 0), 2 ** 31 - 1));
      if (!options?.ref) timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** The standard message, with a line for each group in its text that the judge reads. */
function render(groups, standard, { problems, records }) {
  const lines = groups.map(({ id, count, sample }) => `chaos|${problemOf(sample)}|${id}|${count}`);
  if (problems > groups.length) lines.push(`chaos-unnamed|${records}`);
  return { ...standard, text: [standard.text, ...lines].join('\n') };
}

/** Creates the front that the configuration names. `onAccepted` gets the accepted records by problem. */
export function createFront({ front, options, speed }, onAccepted) {
  const slack = { ...options, ...DELAYS, render };
  const overrides = { clock: fastClock(speed) };
  if (front === 'processor') return withProvider(createSlackLogRecordProcessor(slack, overrides));
  if (front === 'exporter') return behindBatches(new SlackLogRecordExporter(slack, overrides), onAccepted);
  return behindBatches({ export: (_, done) => done({ code: 0 }), shutdown: async () => {} }, () => {});
}

function withProvider(processor, stats = () => processor.stats()) {
  const provider = new LoggerProvider({ processors: [processor], resource });
  // Not by the provider: from then on the SDK would drop each record itself, and nothing would reach the processor.
  return { logger: provider.getLogger('chaos'), shutdown: () => processor.shutdown(), stats };
}

function behindBatches(exporter, onAccepted) {
  const counting = {
    export: (records, done) =>
      exporter.export(records, (result) => {
        if (result.code === 0) onAccepted(countedByProblem(records));
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
  return withProvider(new BatchLogRecordProcessor({ exporter: counting, ...DELAYS }), () => exporter.stats?.());
}

function countedByProblem(records) {
  const counts = {};
  for (const { attributes } of records) {
    const problem = attributes['chaos.problem'];
    counts[problem] = (counts[problem] ?? 0) + 1;
  }
  return counts;
}
