// An app that logs large records in one go. Started by large.test.ts, with the built package and a small heap.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const { options, kind, records, megabytes } = JSON.parse(process.argv[2]);
const CHARACTERS = megabytes * 1_000_000;

/** A flat text that shares no memory with another one. */
const text = (length, start) => Buffer.alloc(length, `${start} lorem ipsum `).toString('latin1');
const nodes = (number, count) => Array.from({ length: count }, (_, at) => ({ at, name: text(50, `${number} ${at}`) }));

const KINDS = {
  body: (number) => ({ body: text(CHARACTERS, number) }),
  'two-byte body': (number) => ({ body: text(CHARACTERS / 2, number).replace('l', '\u0142') }),
  attribute: (number) => ({ body: 'large', attributes: { dump: text(CHARACTERS, number) } }),
  stack: (number) => ({
    body: 'large',
    attributes: {
      'exception.type': 'Error',
      'exception.message': 'large',
      'exception.stacktrace': `Error: large\n    at pay (/app/src/pay.js:1:1)\n${text(CHARACTERS, number)}`,
    },
  }),
  'nested body': (number) => ({ body: { message: 'large', request: { payload: { text: text(CHARACTERS, number) } } } }),
  'nested attribute': (number) => ({
    body: 'large',
    attributes: { err: { message: 'm', stack: text(CHARACTERS, number) } },
  }),
  'many attributes': (number) => ({
    body: 'large',
    attributes: Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`key${at}`, text(CHARACTERS / 40, `${number} ${at}`)]),
    ),
  }),
  buffer: (number) => ({ body: { message: 'large', data: Buffer.alloc(CHARACTERS, number) } }),
  'an array of texts': (number) => ({
    body: Array.from({ length: 40 }, (_, at) => text(CHARACTERS / 40, number + at)),
  }),
  'many objects': (number) => ({ body: { message: 'large', rows: nodes(number, CHARACTERS / 200) } }),
  'a map': (number) => ({ body: { message: 'large', cache: new Map([['a', text(CHARACTERS, number)]]) } }),
  'large among small': (number) =>
    number % 3 === 0 ? { body: text(3 * CHARACTERS, number) } : { body: 'small', attributes: { number } },
};

const slack = options === undefined ? undefined : createSlackLogRecordProcessor(options);
const nothing = { onEmit() {}, forceFlush: async () => {}, shutdown: async () => {} };
const provider = new LoggerProvider({ processors: [slack ?? nothing] });
const logger = provider.getLogger('large');
let slowestMillis = 0;
for (let number = 0; number < records; number++) {
  const record = { severityNumber: 17, ...KINDS[kind](number) };
  const startMillis = performance.now();
  logger.emit(record);
  slowestMillis = Math.max(slowestMillis, performance.now() - startMillis);
}
await provider.shutdown();
console.log(
  JSON.stringify({ peakMegabytes: process.resourceUsage().maxRSS / 1_024, slowestMillis, ...slack?.stats() }),
);
