// An app that ends as its first argument names, with handlers of its own. Started by exit-handlers.test.ts, with what is built.
const { LoggerProvider } = require('@opentelemetry/sdk-logs');
const { DiagConsoleLogger, DiagLogLevel, diag } = require('@opentelemetry/api');
const { Worker } = require('node:worker_threads');

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const [, , how, optionsText] = process.argv;
const listOfOptions = [JSON.parse(optionsText)].flat();
// Registered before ours.
const BEFORE = {
  'a handler before ours logs': () => emit('late'),
  'a handler before ours throws': () => {
    throw new Error('the exit handler broke');
  },
  'a handler before ours calls process.exit()': () => process.exit(9),
  'an uncaught error, and an exit handler that throws': () => {
    throw new Error('the exit handler broke');
  },
  'an uncaught error, and a handler before ours calls process.exit()': () => process.exit(9),
};
if (BEFORE[how]) process.on('exit', BEFORE[how]);

const { createSlackLogRecordProcessor } = require('opentelemetry-exporter-slack');
const processors = listOfOptions.map((options) => createSlackLogRecordProcessor(options));
const provider = new LoggerProvider({ processors });
const logger = provider.getLogger('orders');

function emit(body) {
  logger.emit({ severityNumber: 17, body });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const ENDS = {
  'a handler before ours logs': () => process.exit(3),
  'a handler before ours throws': () => process.exit(3),
  'a handler before ours throws, when nothing is left to do': () => {},
  'a handler before ours calls process.exit()': () => process.exit(3),
  'an uncaught error, and an exit handler that throws': () => {
    throw new Error('the app broke');
  },
  'an uncaught error, and a handler before ours calls process.exit()': () => {
    throw new Error('the app broke');
  },
  'a handler after ours logs': () => {
    process.on('exit', () => emit('late'));
    process.exit(3);
  },
  async 'a handler after ours, registered in another turn, logs'() {
    process.once('exit', () => emit('late'));
    await turn();
    process.exit(3);
  },
  async 'ten handlers after ours log'() {
    for (let at = 0; at < 10; at++) process.on('exit', () => emit('late'));
    await turn();
    process.exit(3);
  },
  'a hundred records after the last words': () => {
    process.on('exit', () => {
      for (let at = 0; at < 100; at++) emit('late');
    });
    process.exit(3);
  },
  'records for three seconds after the last words': () => {
    process.on('exit', () => {
      const untilMillis = Date.now() + 3_000;
      while (Date.now() < untilMillis) emit('late');
      console.log(JSON.stringify(processors[0].stats()));
    });
    process.exit(3);
  },
  'a handler after ours throws': () => {
    process.on('exit', () => {
      throw new Error('the exit handler broke');
    });
    process.exit(3);
  },
  'a handler after ours logs, when nothing is left to do': () => void process.on('exit', () => emit('late')),
  'a handler after ours calls process.exit()': () => {
    process.on('exit', () => process.exit(9));
    process.exit(3);
  },
  'beforeExit logs': () => void process.once('beforeExit', () => emit('late')),
  'beforeExit schedules work that logs': () =>
    void process.once('beforeExit', () => setTimeout(() => emit('late'), 20)),
  'beforeExit schedules work three times': () => {
    let left = 3;
    process.on('beforeExit', () => {
      if (left-- > 0) setTimeout(() => emit('late'), 20);
    });
  },
  'an uncaughtException handler throws': () => {
    process.on('uncaughtException', () => {
      throw new Error('the handler broke');
    });
    throw new Error('the app broke');
  },
  'the second uncaughtException handler throws': () => {
    process.on('uncaughtException', () => emit('late'));
    process.once('uncaughtException', () => {
      throw new Error('the handler broke');
    });
    throw new Error('the app broke');
  },
  'an uncaughtException handler logs and exits': () => {
    process.on('uncaughtException', () => {
      emit('late');
      process.exit(4);
    });
    throw new Error('the app broke');
  },
  'an uncaughtException handler goes on': () => {
    process.on('uncaughtException', () => {});
    setTimeout(() => process.exit(5), 50);
    throw new Error('the app broke');
  },
  'an unhandledRejection handler throws': () => {
    process.on('unhandledRejection', () => {
      throw new Error('the handler broke');
    });
    Promise.reject(new Error('the app broke'));
  },
  'an unhandledRejection handler logs and exits': () => {
    process.on('unhandledRejection', () => {
      emit('late');
      process.exit(6);
    });
    Promise.reject(new Error('the app broke'));
  },
  'an unhandled rejection': () => void Promise.reject(new Error('the app broke')),
  'process.exit() in a promise': () => void Promise.resolve().then(() => process.exit(3)),
  'process.exit() in an async function after an await': async () => {
    await turn();
    process.exit(3);
  },
  'process.exit() while shutdown() runs': () => {
    void processors[0].shutdown();
    emit('late');
    process.exit(3);
  },
  async 'a record while shutdown() runs'() {
    const ended = processors[0].shutdown();
    emit('late');
    await turn();
    emit('late');
    await ended;
    console.log(JSON.stringify(processors[0].stats()));
  },
  'process.exitCode is set': () => {
    process.exitCode = 8;
  },
  'a worker thread calls process.exit()': () =>
    void new Worker(
      `const { LoggerProvider } = require('@opentelemetry/sdk-logs');
       const { createSlackLogRecordProcessor } = require('opentelemetry-exporter-slack');
       const slack = createSlackLogRecordProcessor(require('node:worker_threads').workerData);
       new LoggerProvider({ processors: [slack] }).getLogger('a').emit({ severityNumber: 17, body: 'in the worker' });
       process.exit(0);`,
      { eval: true, workerData: listOfOptions[0] },
    ),
};

emit('disk is full');
ENDS[how]();
