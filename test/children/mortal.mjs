// An app that logs its `body` without a pause until it is killed. Without a `body` it delivers the records of others.
// It prints the number of emitted and of accepted records. Started by kills.test.ts, with the built package.
import { writeSync } from 'node:fs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { systemClock } from './system-clock.mjs';

const { name, body, speed, options } = JSON.parse(process.argv[2]);

/**
 * The system clock, `speed` times as fast, so that fifteen seconds are short. Timers with `ref: true`, which wait for
 * the disk, keep their full time: half a second instead of five is too short on a busy machine.
 */
const clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * speed,
  after: (millis, callback, more) => systemClock.after(more?.ref ? millis : millis / speed, callback, more),
};

/** Messages for the test: the name of the app, and the id and the count of each problem. */
const render = (groups) => ({
  text: [`by ${name}`, ...groups.map(({ id, count, sample }) => `${sample.message} | ${id} | ${count}`)].join('\n'),
});

const exporter = new SlackLogRecordExporter({ ...options, render }, { clock });
let batch = [];
const none = async () => {};
const processor = { onEmit: (record) => batch.push(record), forceFlush: none, shutdown: none };
const logger = new LoggerProvider({ processors: [processor] }).getLogger('mortal');

function logSome() {
  const count = 1 + Math.floor(Math.random() * 3);
  for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body });
  const records = batch;
  batch = [];
  // Written synchronously, so that a kill loses no line.
  writeSync(1, `emitted ${count}\n`);
  exporter.export(records, ({ code }) => {
    if (code === 0) writeSync(1, `accepted ${count}\n`);
  });
}

if (body !== undefined) logSome();
setInterval(() => body !== undefined && logSome(), 20);
