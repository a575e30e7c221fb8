import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createFingerprint, fingerprint } from '../../src/classify/fingerprint.js';
import type { RecordFingerprint } from '../../src/config/callbacks.js';
import { resolveOptions } from '../../src/config/resolve.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { manualClock } from '../support/clock.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { exceptionRecord, FATAL, record } from '../support/records.js';

type Overrides = Partial<ReadableLogRecord>;
const of = (overrides: Overrides = {}): string => fingerprint(readRecord(record(overrides)));
const service = (attributes: Record<string, string>): Overrides => ({ resource: resourceFromAttributes(attributes) });

/** The stack of one bug in two deploys: another root, other lines, another bundle, another host. */
function thrown(message: string, stack: string, host = 'web-1'): string {
  const error = Object.assign(new TypeError(message), { stack: `TypeError: ${message}\n${stack}` });
  const resource = service({ 'service.name': 'checkout', 'service.version': host, 'host.name': host });
  return fingerprint(readRecord(exceptionRecord(error, resource)));
}

describe('fingerprint', () => {
  it('is equal for the same problem at another time, in another request, on another host', () => {
    const there = service({
      'service.name': 'checkout',
      'deployment.environment.name': 'production',
      'host.name': 'web-2',
      'service.version': '9.9.9',
    });
    const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    assert.equal(of({ ...there, hrTime: [5, 0], severityNumber: 18, spanContext, attributes: { 'user.id': 1 } }), of());
  });

  it('is equal for one bug in two deploys, also with another message', () => {
    const before = thrown(
      'order 4711 is lost',
      '    at charge (/srv/app-1.4/src/pay.js:41:13)\n    at t (/srv/app-1.4/dist/main.3f2a1b9c.js:1:99)',
    );
    const after = thrown(
      'order 4712 is lost',
      '    at charge (file:///opt/releases/77/src/pay.js:57:9)\n    at e (/opt/releases/77/dist/main.9c8b7a6d.js:1:12)',
      'web-2',
    );
    assert.equal(before, after);
  });

  it('differs for ten bugs that share a message', () => {
    const prints = Array.from({ length: 10 }, (_, bug) =>
      thrown('timeout', `    at step${'abcdefghij'[bug]} (/app/src/run.js:1:1)`),
    );
    assert.equal(new Set(prints).size, 10);
  });

  it('is equal for texts that differ in a value, and different for texts with other words', () => {
    assert.equal(of({ body: 'user 4711 not found' }), of({ body: 'user 4712 not found' }));
    assert.notEqual(of({ body: 'user 4711 not found' }), of({ body: 'order 4711 not found' }));
  });

  it('uses the message of an exception without a stack', () => {
    const of2 = (message: string) =>
      of({ attributes: { 'exception.type': 'ECONNREFUSED', 'exception.message': message } });
    assert.equal(of2('connect 10.0.0.3:5432'), of2('connect 10.0.0.4:5432'));
    assert.notEqual(of2('connect 10.0.0.3:5432'), of2('read 10.0.0.3:5432'));
  });

  it('prefers the event’s name to the exception, and the app’s own fingerprint to both', () => {
    const stack = 'E: x\n    at f (/app/src/a.js:1:1)';
    const attributes = { 'exception.type': 'E', 'exception.stacktrace': stack };
    assert.equal(of({ eventName: 'job.failed', attributes }), of({ eventName: 'job.failed', body: 'another' }));
    const named = { ...attributes, 'slack.fingerprint': 'the job' };
    assert.equal(
      of({ eventName: 'job.failed', attributes: named }),
      of({ attributes: { 'slack.fingerprint': 'the job' } }),
    );
  });

  describe('of an exception whose first own place has no name', () => {
    const at = (message: string, ...frames: readonly string[]): string => {
      const stack = `Error: ${message}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
      return fingerprint(readRecord(exceptionRecord(Object.assign(new Error(message), { stack }))));
    };
    const EXPRESS = 'Layer.handleRequest (/app/node_modules/router/lib/layer.js:152:17)';

    it('row 2: two arrow handlers of one file are two problems, before and after a deploy', () => {
      const pay = at('card declined for order 17', '/app/src/server.js:10:9', EXPRESS);
      assert.notEqual(pay, at('refund service is not configured', '/app/src/server.js:14:9', EXPRESS));
      assert.equal(pay, at('card declined for order 18', '/srv/releases/8/src/server.js:99:2', EXPRESS));
    });

    it('row 2: two functions of a minified bundle are two problems, whatever their names', () => {
      const bundle = (name: string, column: number): string => `${name} (file:///var/task/index.mjs:12:${column})`;
      const pay = at('card declined', bundle('te', 34_567));
      assert.notEqual(pay, at('refund service is not configured', bundle('re', 45_678)));
      assert.equal(pay, at('card declined', bundle('ne', 35_001)));
    });

    it('row 2: the message does not matter where the first own place has a name', () => {
      const frame = 'chargeCard (/app/src/pay.js:10:9)';
      assert.equal(at('card declined', frame), at('another bank said no', frame));
    });
  });

  describe('of an exception without a place of the app', () => {
    const redis = (message: string, body = 'job failed'): string => {
      const stack = `ReplyError: ${message}\n    at parseError (/app/node_modules/redis-parser/lib/parser.js:179:12)`;
      const error = Object.assign(new Error(message), { name: 'ReplyError', stack });
      return fingerprint(readRecord(exceptionRecord(error, { body })));
    };

    it('row 3: the message decides', () => {
      const messages = [
        "OOM command not allowed when used memory > 'maxmemory'.",
        'WRONGTYPE Operation against a key holding the wrong kind of value',
        "READONLY You can't write against a read only replica.",
        'NOAUTH Authentication required.',
      ];
      assert.equal(new Set(messages.map((message) => redis(message))).size, messages.length);
      assert.equal(redis('value 17 is too large'), redis('value 18 is too large'));
    });

    it('row 3: the body decides', () => {
      const refused = 'connect ECONNREFUSED 127.0.0.1:6379';
      assert.notEqual(redis(refused, 'cache unavailable:'), redis(refused, 'database unavailable:'));
    });

    it('row 3: the port of a server decides, and the port of a client and the host do not', () => {
      for (const host of ['127.0.0.1', '[::1]', '::1', 'localhost', 'db', 'db.prod.internal']) {
        assert.notEqual(redis(`connect ECONNREFUSED ${host}:6379`), redis(`connect ECONNREFUSED ${host}:5432`), host);
      }
      assert.equal(redis('connect ECONNREFUSED 10.0.0.1:5432'), redis('connect ECONNREFUSED 10.0.0.2:5432'));
      assert.equal(redis('reset by 10.0.0.1:50123'), redis('reset by 10.0.0.1:50124'));
    });
  });

  it('row 7: an event name that only says that there is an exception does not decide', () => {
    const EVENTS = ['http.server.request.exception', 'messaging.process.exception', 'exception', 'unhandled_rejection'];
    for (const eventName of EVENTS) {
      const of2 = (name: string): string =>
        of({
          eventName,
          attributes: { 'exception.type': name, 'exception.stacktrace': `x\n    at ${name} (/a/src/b.js:1:1)` },
        });
      assert.notEqual(of2('charge'), of2('refund'), eventName);
      assert.equal(of({ eventName, body: 'a' }), of({ eventName, body: 'b' }), eventName);
    }
  });

  describe('of an exception that is logged twice in one trace', () => {
    const error = new TypeError('x is not a function');
    const spanContext = (last: number) => ({
      traceId: `0af7651916cd43dd8448eb211c80319${last}`,
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    });
    const instrumentation = { instrumentationScope: { name: 'http' }, eventName: 'http.server.request.exception' };
    const newFingerprint = () => {
      const { settings } = resolveOptions({}, {});
      const print = createFingerprint(settings, createDiagnostics(manualClock()));
      return (overrides: Overrides): string => {
        const one = exceptionRecord(error, overrides);
        return print(one, readRecord(one));
      };
    };

    it('row 8: is that of the first record', () => {
      const print = newFingerprint();
      const first = print({ ...instrumentation, spanContext: spanContext(1) });
      assert.equal(print({ body: 'request failed', spanContext: spanContext(1) }), first);
      assert.notEqual(print({ body: 'request failed', spanContext: spanContext(2) }), first);
      assert.notEqual(print({ body: 'request failed' }), first);
    });

    it('row 8: is its own when the second record is more severe', () => {
      const print = newFingerprint();
      const first = print({ ...instrumentation, spanContext: spanContext(1) });
      assert.notEqual(print({ severityNumber: FATAL, spanContext: spanContext(1) }), first);
    });
  });

  it('uses the field names of a structured body and its message field', () => {
    const lost = { message: 'order 1 lost', orderId: 1 };
    assert.equal(of({ body: lost }), of({ body: { orderId: 2, message: 'order 2 lost' } }));
    assert.notEqual(of({ body: lost }), of({ body: { message: 'order 1 lost', userId: 1 } }));
    assert.notEqual(of({ body: lost }), of({ body: 'order 1 lost' }));
  });

  it('contains service, environment, scope and severity band', () => {
    const all = [
      of(),
      of({ severityNumber: FATAL }),
      of({ instrumentationScope: { name: 'other' } }),
      of(service({ 'service.name': 'pay', 'deployment.environment.name': 'production' })),
      of(service({ 'service.name': 'checkout', 'deployment.environment.name': 'staging' })),
      of({ attributes: { 'exception.type': 'X' } }),
      of({ eventName: 'event' }),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it('separates its fields, and has a bounded length', () => {
    assert.notEqual(of({ eventName: 'a', body: '' }), of({ eventName: undefined, body: 'a' }));
    const long = 'x'.repeat(5_000_000);
    const attributes = { 'exception.type': long, 'exception.message': long, 'exception.stacktrace': long };
    for (const overrides of [{ eventName: long }, { attributes }, { body: long }]) {
      const print = of({ ...overrides, instrumentationScope: { name: long } });
      assert.ok(print.length < 20_000, `${print.length}`);
    }
  });

  it('caches stacks, and keeps none of the app’s long strings in memory', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const prints: string[] = [];
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 20; round++) {
      // Slices of a string of two million characters: one slice in memory would keep the whole string.
      const line = `\n    at kept${'abcdefghijklmnopqrst'[round]} (/srv/app/src/memory/file.js:1:1)`;
      const log = `${'x'.repeat(2_000_000)}${line}`.replace('x', 'y');
      const slice = log.slice(2_000_000);
      const attributes = { 'exception.type': log.slice(0, 50), 'exception.stacktrace': slice };
      for (let time = 0; time < 3; time++) prints.push(of({ attributes, instrumentationScope: { name: slice } }));
    }
    gc();
    const grown = process.memoryUsage().heapUsed - before;
    assert.equal(new Set(prints).size, 20);
    assert.ok(grown < 8_000_000, `${grown} bytes are kept`);
  });

  describe('of the user’s own', () => {
    let said: DiagCapture;
    beforeEach(() => {
      said = captureDiag();
    });
    afterEach(() => said.stop());

    const own = (custom: unknown): string => {
      const { settings } = resolveOptions({ fingerprint: custom as RecordFingerprint }, {});
      const one = record({ body: 'disk is full' });
      return createFingerprint(settings, createDiagnostics(manualClock()))(one, readRecord(one));
    };

    it('gets the record and the built-in fingerprint, and decides', () => {
      assert.equal(
        own((one: ReadableLogRecord, standard: string) => `${one.body} ${standard.length}`),
        own(() => `disk is full ${of().length}`),
      );
      assert.notEqual(
        own(() => 'a'),
        own(() => 'b'),
      );
    });

    it('is hashed like the built-in one', () => {
      for (const name of [own(undefined), own(() => 'disk is full')]) assert.match(name, /^[\w-]{22}$/);
    });

    it('that throws or returns no text causes one warning, and the built-in one is used', () => {
      const throwing = (): string => {
        throw new RangeError('hidden');
      };
      for (const custom of [throwing, () => undefined, () => '', async () => Promise.reject(new Error('hidden'))]) {
        said.warnings.length = 0;
        assert.equal(own(custom), own(undefined));
        assert.equal(said.warnings.length, 1);
        assert.doesNotMatch(said.all.join(), /hidden/);
      }
    });
  });
});
