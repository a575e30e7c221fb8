// The app under chaos: it logs what its parent has planned until it ends in the way that its parent asks for. It runs the
// built package in plain Node. Lines on stdout tell the parent what was emitted and accepted, the stats, and the latency.
import { writeSync } from 'node:fs';
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { createFront } from './app/fronts.mjs';
import { watchLatency } from './app/latency.mjs';
import { emitRecords } from './app/load.mjs';
import { jump, slowLookups } from './app/preload.mjs';

const TICK_MILLIS = 50;

/** Written synchronously, so that a SIGKILL loses no line. */
function tell(line) {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes.subarray(done));
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(9);
    }
  }
}

const config = await new Promise((resolve) => process.once('message', resolve));
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const { defect } = config;
const front = createFront(config, (accepted) => tell({ accepted }));
const latency = watchLatency();
let tick = 0;

function emit(records) {
  for (const { kind, problem, count } of records) {
    tell({ emitted: { [problem]: count }, tick });
    if (defect !== 'lose' && !(defect === 'mute' && problem.includes('w')))
      emitRecords(front.logger, { kind, problem, count: defect === 'invent' ? count + 1 : count, config });
  }
}

function tellStats() {
  const stats = front.stats();
  if (stats && defect === 'miscount') stats.accepted++;
  if (stats && defect === 'keep') Object.assign(stats, { accepted: stats.accepted + 1, pending: stats.pending + 1 });
  tell({ stats, tick });
}

const timer = setInterval(() => {
  emit(config.ticks[tick++] ?? []);
  tellStats();
  if (tick % 20 === 0) tell({ latency: latency.read() });
  if (defect === 'block' && tick % 10 === 0) for (const from = Date.now(); Date.now() - from < 400; );
  if (defect === 'leak' && tick === 10) diag.error(`the password is ${config.secrets.at(-1)}`);
  if (defect === 'reject' && tick === 10) Promise.reject(new Error('nobody handles this'));
}, TICK_MILLIS);

function stopLogging() {
  clearInterval(timer);
  latency.stop();
}

const ENDS = {
  exit: () => process.exit(0),
  throw: () => setImmediate(() => throwNow()),
  // Nothing keeps the process alive any more.
  'run out': () => stopLogging(),
};

function throwNow() {
  throw new TypeError('the app ends by this error');
}

process.once('SIGTERM', async () => {
  // The app goes on logging while it shuts down, as a server does that ends its last requests.
  await front.shutdown();
  stopLogging();
  tellStats();
  tell({ shutDown: true });
  if (defect === 'linger') setInterval(() => {}, 1_000);
  else process.exit(0);
});

process.on('exit', () => tellStats());
process.on('message', ({ act, millis, how, records }) => {
  if (act === 'jump') jump(millis);
  if (act === 'slow lookups') slowLookups(millis);
  if (act === 'emit') emit(records);
  if (act === 'end') ENDS[how]();
});
// Without its parent, the app must not go on for ever.
process.on('disconnect', () => process.exit(9));
process.channel.unref();
tell({ ready: true });
