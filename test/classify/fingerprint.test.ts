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
