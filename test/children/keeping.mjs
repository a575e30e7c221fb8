// An app with a spool. It ends in the way its first argument names, while Slack behaves as the test needs. Started by
// spool.test.ts, with the built package.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';

const [, , how, options, body = 'disk is full'] = process.argv;
const resource = resourceFromAttributes({ 'service.name': 'checkout' });
const loggerOf = (processor) => new LoggerProvider({ processors: [processor], resource }).getLogger('orders');
const forever = () => setInterval(() => {}, 1_000);

/** Creates the processor and a function that emits records. */
function start() {
  const slack = createSlackLogRecordProcessor(JSON.parse(options));
  const logger = loggerOf(slack);
  const emit = (count, text = body) => {
    for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body: text });
  };
  return { slack, emit };
}

const WAYS = {
  /** Prints `accepted` when ten records are accepted, and runs until it is killed. */
  'accept by hand'() {
    const exporter = new SlackLogRecordExporter(JSON.parse(options));
    let taken = 0;
    const onEmit = (record) =>
      exporter.export([record], ({ code }) => {
        if (code === 0 && ++taken === 10) console.log('accepted');
      });
    const none = async () => {};
    const logger = loggerOf({ onEmit, forceFlush: none, shutdown: none });
    for (let at = 0; at < 10; at++) logger.emit({ severityNumber: 17, body });
    forever();
  },
  exit() {
    start().emit(100);
    process.exit(3);
  },
  /** Exits during a batch that takes longer than one slice, while its rest is not folded yet. */
  'exit by hand'() {
    const exporter = new SlackLogRecordExporter(JSON.parse(options));
    const batch = [];
    const none = async () => {};
    const logger = loggerOf({ onEmit: (record) => batch.push(record), forceFlush: none, shutdown: none });
    for (let at = 0; at < 20_000; at++) logger.emit({ severityNumber: 17, body: `${body} ${at}` });
    let isAccepted = false;
    exporter.export(batch, () => {
      isAccepted = true;
    });
    console.log(exporter.stats().accepted < batch.length && !isAccepted);
    process.exit(3);
  },
  throw() {
    start().emit(100);
    throw new TypeError('x is not a function');
  },
  /** Delivers two records, logs another one, and crashes. */
  async crash() {
    const { slack, emit } = start();
    emit(2);
    await slack.forceFlush();
    emit(1);
    throw new TypeError('x is not a function');
  },
  async 'shut down'() {
    const { slack, emit } = start();
    emit(100);
    await slack.shutdown();
    console.log(JSON.stringify(slack.stats()));
  },
  /** Delivers the restored records, and prints its counts. */
  async deliver() {
    const { slack } = start();
    const until = Date.now() + 30_000;
    while (slack.stats().delivered < 10 && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
    await slack.shutdown();
    console.log(JSON.stringify(slack.stats()));
  },
  /** 100,000 equal records, in ticks of a thousand. */
  async storm() {
    const { slack, emit } = start();
    for (let at = 0; at < 100; at++) {
      emit(1_000);
      await new Promise((done) => setTimeout(done, 5));
    }
    while (slack.stats().pending < 100_000) await new Promise((done) => setTimeout(done, 50));
    await slack.forceFlush();
    console.log('accepted');
    forever();
  },
};

await WAYS[how]();
