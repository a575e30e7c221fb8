// An app that ends without a shutdown, in the way its first argument names. Started by parting.test.ts, with the built
// package.
import { createRequire } from 'node:module';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';

const [, , how, module, options] = process.argv;
const NAME = 'opentelemetry-exporter-slack';
const { createSlackLogRecordProcessor } =
  module === 'require' ? createRequire(import.meta.url)(NAME) : await import(NAME);
const slack = createSlackLogRecordProcessor(JSON.parse(options));
const resource = resourceFromAttributes({ 'service.name': 'checkout' });
const logger = new LoggerProvider({ processors: [slack], resource }).getLogger('orders');

const emit = (count) => {
  for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body: 'disk is full' });
};

const WAYS = {
  exit() {
    emit(100);
    process.exit(3);
  },
  throw() {
    emit(100);
    throw new TypeError('x is not a function', { cause: new RangeError('too far') });
  },
  reject() {
    emit(100);
    Promise.reject(new RangeError('nobody handles this'));
  },
  'throw a text': () => {
    emit(1);
    throw 'only a text';
  },
  'handle it'() {
    process.on('uncaughtException', () => process.exit(4));
    emit(1);
    throw new Error('the app handles this itself');
  },
  'run out': () => emit(100),
  nothing() {},
};

console.log('the app says this');
WAYS[how]();
