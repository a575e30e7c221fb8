// An app with a spool, and a Slack that is as the test wants it. It ends in the way its first argument names. Started by
// spool.test.ts, with what is built.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';

const [, , how, options, body = 'disk is full'] = process.argv;
const resource = resourceFromAttributes({ 'service.name': 'checkout' });
const loggerOf = (processor) => new LoggerProvider({ processors: [processor], resource }).getLogger('orders');
const forever = () => setInterval(() => {}, 1_000);

/** The whole thing. */
function start() {
  const slack = createSlackLogRecordProcessor(JSON.parse(options));
  const logger = loggerOf(slack);
  const emit = (count, text = body) => {
    for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body: text });
  };
  return { slack, emit };
}

const WAYS = {
  /** Says for each record that it was accepted, and goes on until somebody kills it. */
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
  /** One batch that takes longer than a slice, of which the rest still waits. */
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
  /** Logs once, says it, and crashes. */
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
  /** Says what became of what it found, once there is nothing left. */
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
