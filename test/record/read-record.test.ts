import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { resourceFromAttributes } from '@opentelemetry/resources';
import fc from 'fast-check';
import { whatHappened } from '../../src/record/headline/summary.js';
import { SAMPLE_LIMITS } from '../../src/record/limits.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { type Sample, toSample } from '../../src/record/sample.js';
import { costMillis } from '../support/cost.js';
import { exceptionRecord, record } from '../support/records.js';
import { REDACTOR, redactorOf } from '../support/redactor.js';
import { PEM, TOKENS } from '../support/secrets.js';

type Overrides = Partial<ReadableLogRecord>;

const sampleOf = (overrides: Overrides = {}): Sample => toSample(readRecord(record(overrides)), REDACTOR);
const withAttributes = (attributes: Record<string, unknown>): Sample => sampleOf({ attributes });
/** For values that the types forbid and JavaScript allows. */
const wrong = (overrides: Record<string, unknown>): Sample => sampleOf(overrides as Overrides);
const throwing = (): never => {
  throw new Error('poison');
};
const poisonedProxy = new Proxy(
  {},
  { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing, getPrototypeOf: throwing },
);
const STACK = 'TypeError: x is not a function\n    at f (/app/a.js:1:1)';

describe('record', () => {
  it('has the sorted field names of a structured body as its shape', () => {
    assert.equal(sampleOf({ body: { b: 1, a: { c: 2 } } }).bodyShape, 'a,b');
    for (const body of ['text', ['list'], Buffer.from('x'), 7]) assert.equal(sampleOf({ body }).bodyShape, undefined);
  });

  it('is read with all its fields', () => {
    const { resource, attributes, ...sample } = sampleOf({
      eventName: 'order.failed',
      attributes: { 'user.id': 7 },
      instrumentationScope: { name: 'shop', version: '1.0' },
      spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
    });
    assert.equal(resource.serviceName, 'checkout');
    assert.deepEqual([...attributes], [['user.id', '7']]);
    assert.deepEqual(sample, {
      bodyShape: undefined,
      givenFingerprint: undefined,
      missingMessage: 0,
      severityNumber: 17,
      severityText: 'ERROR',
      timeMillis: Date.UTC(2026, 0, 1, 12),
      eventName: 'order.failed',
      exception: undefined,
      message: 'disk is full',
      scopeName: 'shop',
      scopeVersion: '1.0',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
    });
  });

  describe('exceptions', () => {
    it('are read from exception.*', () => {
      const error = new RangeError('too far');
      const { exception } = toSample(readRecord(exceptionRecord(error)), REDACTOR);
      assert.deepEqual(exception, {
        type: 'RangeError',
        message: 'too far',
        stack: error.stack,
        missingStackLines: 0,
        missingMessage: 0,
      });
    });

    it('are read from any one of exception.*', () => {
      assert.equal(withAttributes({ 'exception.type': 'X' }).exception?.type, 'X');
      const withoutBody = { body: '', attributes: { 'exception.message': 'x' } };
      assert.equal(toSample(readRecord(record(withoutBody)), REDACTOR).exception?.message, 'x');
      assert.equal(withAttributes({ 'exception.stacktrace': STACK }).exception?.stack, STACK);
    });

    const ARGUMENTS: readonly (readonly [what: string, attributes: Record<string, unknown>])[] = [
      ['a text', { 'exception.message': 'bob' }],
      ['a number', { 'exception.message': '4711' }],
      ['an object with a name', { 'exception.type': 'Bob' }],
      ['an object with a name and a message', { 'exception.type': 'Object', 'exception.message': 'sda1' }],
      ['an object in err', { err: { name: 'Bob', message: 'pro' } }],
    ];
    for (const [what, attributes] of ARGUMENTS) {
      it(`row 1: do not beat the body when a log call hands over ${what} that is no error`, () => {
        const sample = withAttributes(attributes);
        assert.equal(sample.exception, undefined);
        assert.equal(whatHappened(sample), 'disk is full');
        assert.deepEqual([...sample.attributes.keys()], Object.keys(attributes));
      });
    }

    const TYPES = [
      'TypeError',
      'ECONNREFUSED',
      '23505',
      'java.io.IOException',
      'Http2Exception',
      'ERR_BAD_OPTION',
      'DnsFailure',
    ];
    for (const type of TYPES) {
      it(`row 1: of the class ${type} beat the body without a stack`, () => {
        assert.equal(withAttributes({ 'exception.type': type, 'exception.message': 'x' }).exception?.type, type);
      });
    }

    it('are read from pino’s err', () => {
      const { exception } = withAttributes({ err: { type: 'TypeError', message: 'x', stack: STACK, code: 'E' } });
      assert.deepEqual(exception, {
        type: 'TypeError',
        message: 'x',
        stack: STACK,
        missingStackLines: 0,
        missingMessage: 0,
      });
    });

    it('are read from winston’s error object', () => {
      const error = new TypeError('x');
      assert.deepEqual(withAttributes({ error }).exception, {
        type: 'TypeError',
        message: 'x',
        stack: error.stack,
        missingStackLines: 0,
        missingMessage: 0,
      });
    });

    it('are read from the stack of winston’s format.errors', () => {
      const { exception } = withAttributes({ stack: STACK });
      assert.deepEqual(exception, {
        type: 'TypeError',
        message: 'x is not a function',
        stack: STACK,
        missingStackLines: 0,
        missingMessage: 0,
      });
      const coded = withAttributes({
        stack: 'Uncaught AxiosError [ERR_BAD]: went: wrong\n    at f (/a.js:1:1)',
      }).exception;
      assert.deepEqual([coded?.type, coded?.message], ['AxiosError', 'went: wrong']);
    });

    it('are absent when no attribute is an exception', () => {
      for (const attributes of [
        { stack: 'prod-eu' },
        { stack: 'a\nb' },
        { err: 'text' },
        { err: {} },
        { error: null },
        { err: [] },
        { stack: 5 },
      ]) {
        assert.equal(withAttributes(attributes).exception, undefined);
      }
    });

    it('are not kept again as attributes; an attribute that only looks like an exception is kept', () => {
      const err = { type: 'X', message: 'x' };
      const all = {
        'exception.type': 'X',
        'exception.message': 'x',
        'exception.stacktrace': STACK,
        err,
        error: err,
        stack: STACK,
        a: 1,
      };
      assert.deepEqual([...withAttributes(all).attributes.keys()], ['a']);
      const texts = { err: 'ECONNREFUSED', error: 'it broke', stack: 'prod-eu' };
      assert.deepEqual(Object.fromEntries(withAttributes(texts).attributes), texts);
    });

    it('keep whole lines of a long stack and count the others', () => {
      const lines = ['Error: x', ...Array.from({ length: 1_000 }, (_, n) => `    at f${n} (/app/src/a.js:${n}:1)`)];
      for (const end of ['', '\n']) {
        const { exception } = withAttributes({ 'exception.stacktrace': lines.join('\n') + end });
        const kept = exception?.stack?.split('\n') ?? [];
        assert.deepEqual(kept, lines.slice(0, kept.length));
        assert.equal(exception?.missingStackLines, lines.length - kept.length);
        assert.ok((exception?.stack?.length ?? 0) > SAMPLE_LIMITS.stackText - 40);
      }
    });

    it('keep their frames when the message above them exceeds the limit', () => {
      const stack = `Error: ${'select '.repeat(5_000)}\nfrom\n    at f (/app/a.js:1:1)\n    at g (/app/b.js:2:2)`;
      const { exception } = withAttributes({ 'exception.message': 'select', 'exception.stacktrace': stack });
      assert.match(
        exception?.stack ?? '',
        /^Error: select.{1,200}\n {4}at f \(\/app\/a\.js:1:1\)\n {4}at g \(\/app\/b\.js:2:2\)$/,
      );
      assert.equal(exception?.missingStackLines, 0);
    });
  });

  describe('bodies', () => {
    it('have the message in one of the usual fields', () => {
      assert.equal(sampleOf({ body: { level: 50, msg: 'pino said' } }).message, 'pino said');
      assert.equal(sampleOf({ body: { message: '', event: 'payment failed' } }).message, 'payment failed');
    });

    it('are written as JSON without any of these fields', () => {
      assert.equal(sampleOf({ body: { code: 5, list: [1] } }).message, '{"code":5,"list":[1]}');
      assert.equal(sampleOf({ body: ['a', 1] }).message, '["a",1]');
      assert.equal(sampleOf({ body: 0 }).message, '0');
    });

    it('may be missing', () => {
      for (const body of [undefined, null, '']) assert.equal(sampleOf({ body }).message, '');
    });
  });

  describe('times', () => {
    it('are the time of the event, else the time of observation', () => {
      assert.equal(sampleOf({ hrTime: [10, 5_000_000] }).timeMillis, 10_005);
      assert.equal(wrong({ hrTime: undefined, hrTimeObserved: [11, 0] }).timeMillis, 11_000);
      assert.equal(sampleOf({ hrTime: [1e300, 0], hrTimeObserved: [12, 0] }).timeMillis, 12_000);
    });

    it('can always be formatted as a date', () => {
      for (const hrTime of [
        [1e15, 0],
        [-1e15, 0],
        [Number.NaN, 0],
        [Infinity, 0],
        ['x', 'y'],
        [1n, 2n],
        [Symbol('s')],
        [],
        {},
        5,
        null,
        'ab',
      ]) {
        const { timeMillis } = wrong({ hrTime, hrTimeObserved: hrTime });
        assert.doesNotThrow(() => new Date(timeMillis).toISOString());
      }
    });
  });

  it('accepts only a valid trace id', () => {
    for (const traceId of ['<!channel>', '`', 'x'.repeat(32), '', 5, undefined, 'a'.repeat(33)]) {
      assert.equal(wrong({ spanContext: { traceId, spanId: traceId } }).traceId, undefined);
      assert.equal(wrong({ spanContext: { traceId, spanId: traceId } }).spanId, undefined);
    }
  });

  describe('with a throwing getter', () => {
    const getters = (...names: string[]): object => {
      const target = {};
      for (const name of names) Object.defineProperty(target, name, { get: throwing, enumerable: true });
      return target;
    };
    const cycle: Record<string, unknown> = { a: 1 };
    cycle.self = cycle;
    const fields = Object.keys(record());

    it('in one field loses only that field', () => {
      const whole = sampleOf();
      for (const field of [...fields, 'eventName', 'spanContext']) {
        for (const poison of [
          getters(field),
          { [field]: poisonedProxy },
          { [field]: null },
          { [field]: Symbol('x') },
          { [field]: cycle },
        ]) {
          const target = Object.defineProperties(
            {},
            { ...Object.getOwnPropertyDescriptors(record()), ...Object.getOwnPropertyDescriptors(poison) },
          );
          const sample = toSample(readRecord(target as ReadableLogRecord), REDACTOR);
          if (field !== 'body') assert.equal(sample.message, 'disk is full', field);
          if (field !== 'resource') assert.deepEqual(sample.resource, whole.resource, field);
          if (!field.startsWith('severity')) assert.equal(sample.severityNumber, 17, field);
        }
      }
    });

    it('in every field is still read', () => {
      for (const poison of [undefined, null, 5, 'text', {}, [], poisonedProxy]) {
        const sample = toSample(readRecord(poison as unknown as ReadableLogRecord), REDACTOR);
        assert.equal(sample.message, '');
        assert.equal(sample.severityNumber, 0);
      }
    });

    it('in a scope or a span loses only what cannot be read', () => {
      const scope = Object.defineProperty({ name: 'shop' }, 'version', { get: throwing });
      assert.equal(wrong({ instrumentationScope: scope }).scopeName, 'shop');
      assert.equal(
        wrong({ instrumentationScope: getters('name', 'version'), spanContext: getters('traceId', 'spanId') }).message,
        'disk is full',
      );
    });

    it('in an attribute loses only that attribute', () => {
      const attributes = Object.defineProperty(JSON.parse('{"__proto__":"own","constructor":"too"}'), 'bad', {
        get: throwing,
        enumerable: true,
      });
      Object.assign(attributes, {
        cycle,
        big: 5n,
        buffer: Buffer.alloc(3),
        toJSON: throwing,
        nothing: null,
        gone: undefined,
        half: '\ud800x',
        turned: 'a\u202eb',
      });
      assert.deepEqual(
        [...withAttributes(attributes).attributes],
        [
          ['__proto__', 'own'],
          ['constructor', 'too'],
          ['bad', '[unreadable]'],
          ['cycle', '{"a":1,"self":[circular]}'],
          ['big', '5n'],
          ['buffer', '[3 bytes]'],
          ['toJSON', '[function]'],
          ['half', '\ufffdx'],
          ['turned', 'a\ufffdb'],
        ],
      );
    });

    it('anywhere never throws', () => {
      const POISONS: unknown[] = [poisonedProxy, cycle, getters('message', 'name', 'stack')];
      const anything = fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withTypedArray: true,
      });
      // Functions that return the values, because fast-check itself fails on throwing getters.
      const strange = fc.oneof(
        anything.map((value) => () => value),
        fc.nat(2).map((at) => () => POISONS[at]),
      );
      const anyRecord = fc.record(
        Object.fromEntries([...fields, 'eventName', 'spanContext'].map((field) => [field, strange])),
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(anyRecord, (fieldsOf) => {
          const each = Object.fromEntries(Object.entries(fieldsOf).map(([field, give]) => [field, give?.()]));
          const sample = toSample(readRecord(each as unknown as ReadableLogRecord), REDACTOR);
          assert.ok(sample.message.isWellFormed());
        }),
      );
    });
  });

  describe('without secrets', () => {
    const token = TOKENS['npm token'] as string;

    it('contains none in any field', () => {
      const sample = sampleOf({
        severityText: token,
        eventName: token,
        body: token,
        attributes: {
          token,
          [token]: token,
          note: token,
          'slack.fingerprint': token,
          err: { type: token, message: token, stack: token },
        },
        resource: resourceFromAttributes({ 'service.name': token, 'host.name': token }),
        instrumentationScope: { name: token, version: token },
      });
      assert.doesNotMatch(inspect(sample, { depth: 9 }), new RegExp(token));
      assert.deepEqual([...sample.attributes].slice(0, 2), [
        ['token', '[redacted]'],
        ['[redacted]', '[redacted]'],
      ]);
      assert.equal(sampleOf({ body: { [token]: 1 } }).bodyShape, '[redacted]');
    });

    it('counts the missing characters of the original and of the redacted text', () => {
      assert.equal(sampleOf({ body: `password=${'x'.repeat(3_400)}` }).missingMessage, 0);
      const { message, missingMessage } = sampleOf({ body: `${token} ${'x'.repeat(10_000)}` });
      // The cut comes earlier by as much as the redaction shortened the text: what follows may be a torn secret.
      assert.equal(message.length, SAMPLE_LIMITS.messageText - (token.length - '[redacted]'.length));
      assert.equal(missingMessage, 10_000 - (message.length - '[redacted] '.length));
    });

    it('keeps all frames of a stack', () => {
      const frames = Array.from({ length: 9 }, (_, n) => `    at token${n} (/app/src/password.ts:${n}:1)`);
      const { exception } = withAttributes({ 'exception.stacktrace': [`E: ${PEM} ${token}`, ...frames].join('\n') });
      assert.equal(exception?.stack, ['E: -----BEGIN RSA PRIVATE KEY-----[redacted] [redacted]', ...frames].join('\n'));
      assert.equal(exception?.missingStackLines, 0);
      const long = withAttributes({
        'exception.stacktrace': [`E: ${'x '.repeat(5_000)}${token}`, ...frames].join('\n'),
      });
      assert.deepEqual(long.exception?.stack?.split('\n').slice(1), frames);
      const cut = `E: ${'x '.repeat(94)}${token} ${'y'.repeat(5_000)}`;
      const title = withAttributes({ 'exception.stacktrace': [cut, ...frames].join('\n') }).exception?.stack;
      assert.doesNotMatch(title ?? '', /npm_/);
    });

    it('leaves out denied attributes, also of an exception', () => {
      const deny = (keys: readonly string[], attributes: Record<string, unknown>): Sample =>
        toSample(readRecord(record({ attributes })), redactorOf({}, keys));
      const error = { 'exception.type': 'E', 'exception.message': 'm', 'exception.stacktrace': STACK };
      assert.equal(deny(['exception.stacktrace'], error).exception?.stack, undefined);
      assert.equal(deny(['exception.stacktrace'], error).exception?.message, 'm');
      assert.equal(deny(['exception.*'], error).exception, undefined);
      assert.equal(deny(['err'], { err: { message: 'm', stack: STACK } }).exception, undefined);
      assert.deepEqual([...deny(['a.*'], { 'a.b': 1, c: 2 }).attributes], [['c', '2']]);
    });

    it('redacts an exception or a message whose field name is in redact.keys', () => {
      const own = redactorOf({ keys: ['exception.message', 'msg'] });
      const attributes = { 'exception.type': 'E', 'exception.message': 'm' };
      assert.equal(toSample(readRecord(record({ attributes })), own).exception?.message, '[redacted]');
      assert.equal(toSample(readRecord(record({ body: { msg: 'm' } })), own).message, '[redacted]');
    });
  });

  it('stays within the limits, whatever the app logs', () => {
    const long = 'x'.repeat(10_000_000);
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key.${n}`, n]));
    const each = {
      body: long,
      eventName: long,
      severityText: long,
      attributes: {
        [long]: long,
        'exception.type': long,
        'exception.message': long,
        'exception.stacktrace': long,
        ...many,
      },
      instrumentationScope: { name: long, version: long },
    };
    const sample = sampleOf(each);
    const millis = costMillis(() => sampleOf(each));
    const { messageText, stackText, nameText, attributeKey, attributeText, attributes } = SAMPLE_LIMITS;
    assert.equal(sample.message.length, messageText);
    assert.equal(sample.exception?.message?.length, messageText);
    assert.equal(sample.exception?.stack?.length, stackText);
    for (const name of [
      sample.eventName,
      sample.severityText,
      sample.exception?.type,
      sample.scopeName,
      sample.scopeVersion,
    ]) {
      assert.equal(name?.length, nameText);
    }
    const [[key = '', text = ''] = []] = sample.attributes;
    assert.ok(sample.attributes.size <= attributes);
    assert.equal(key.length, attributeKey);
    assert.equal(text.length, attributeText);
    assert.ok(millis < 1_000, `${millis} ms`);
  });

  it('does not keep the app’s strings in memory', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const kept: Sample[] = [];
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 10; round++) {
      const long = `${'x'.repeat(4_000_000)}${round}`.replace('x', 'y');
      const slice = long.slice(1, 101);
      kept.push(
        sampleOf({
          body: long,
          eventName: slice,
          attributes: { long, slice, 'exception.stacktrace': slice, list: [long] },
        }),
      );
      kept.push(sampleOf({ body: { message: slice }, attributes: { err: { message: slice, stack: long } } }));
    }
    gc();
    const grown = process.memoryUsage().heapUsed - before;
    assert.equal(kept.length, 20);
    assert.ok(grown < 8_000_000, `${grown} bytes are kept`);
  });
});
