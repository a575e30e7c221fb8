// An app that logs its `body` without a pause, until somebody kills it; without one it says what others have left. It
// prints what it hands to the exporter, and what that has accepted. Started by kills.test.ts, with what is built.
import { writeSync } from 'node:fs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { systemClock } from './system-clock.mjs';

const { name, body, speed, options } = JSON.parse(process.argv[2]);

/**
 * The process's clock, so many times as fast, so that fifteen seconds are short. What is waited for with a reference, and that
 * is the disk, has its whole time: half a second instead of five is not enough for a machine that is busy.
 */
const clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * speed,
  after: (millis, callback, more) => systemClock.after(more?.ref ? millis : millis / speed, callback, more),
};

/** Messages for a machine: who says it, and of each problem its id and its total. */
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
  // At once, so that what was said before a kill is said.
  writeSync(1, `emitted ${count}\n`);
  exporter.export(records, ({ code }) => {
    if (code === 0) writeSync(1, `accepted ${count}\n`);
  });
}

if (body !== undefined) logSome();
setInterval(() => body !== undefined && logSome(), 20);
