import assert from 'node:assert/strict';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { resolveOptions } from '../../src/config/resolve.js';
import { createSelector } from '../../src/gate/filter.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { errorClassOf } from '../../src/util/user-callback.js';
import { manualClock } from '../support/clock.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { ERROR, FATAL, INFO, record, WARN } from '../support/records.js';

const throwing = (): never => {
  throw new Error('no');
};

describe('the selector', () => {
  let diag: DiagCapture;
  beforeEach(() => {
    diag = captureDiag();
  });
  afterEach(() => diag.stop());

  const wanted = (options: SlackExporterOptions, ...records: Record<string, unknown>[]): boolean[] => {
    const select = createSelector(resolveOptions(options, {}).settings, createDiagnostics(manualClock()));
    return records.map((overrides) => select(record(overrides as Partial<ReadableLogRecord>)));
  };
  const severities = [INFO, WARN, ERROR, ERROR + 3, FATAL].map((severityNumber) => ({ severityNumber }));

  it('selects ERROR and above by default', () => {
    assert.deepEqual(wanted({}, ...severities), [false, false, true, true, true]);
    assert.deepEqual(wanted({ minSeverity: 'WARN' }, ...severities), [false, true, true, true, true]);
    assert.deepEqual(wanted({ minSeverity: ERROR + 3 }, ...severities), [false, false, false, true, true]);
  });

  it('uses the severity text when there is no number', () => {
    const of = (severityText: unknown, severityNumber: unknown = undefined) => ({ severityNumber, severityText });
    assert.deepEqual(wanted({}, of('fatal'), of('warn'), of('loud'), of(undefined), of('error', 0)), [
      true,
      false,
      false,
      false,
      true,
    ]);
    assert.deepEqual(wanted({ minSeverity: 1 }, of(undefined)), [false]);
  });

  it('selects no record whose severity cannot be read', () => {
    const poison = [{}, Symbol('s'), '9', Number.NaN, [17], null].map((severityNumber) => ({
      severityNumber,
      severityText: undefined,
    }));
    assert.deepEqual(new Set(wanted({}, ...poison)), new Set([false]));
    const select = createSelector(resolveOptions({}, {}).settings, createDiagnostics(manualClock()));
    assert.equal(select(new Proxy({}, { get: throwing }) as ReadableLogRecord), false);
  });

  it('never selects records of this package', () => {
    assert.deepEqual(wanted({}, { instrumentationScope: { name: 'opentelemetry-exporter-slack' } }), [false]);
  });

  it('calls the filter only for records at or above the threshold', () => {
    const asked: unknown[] = [];
    const filter = ({ body }: ReadableLogRecord) => {
      asked.push(body);
      return body !== 'no';
    };
    assert.deepEqual(wanted({ filter }, { body: 'yes' }, { body: 'no' }, { body: 'x', severityNumber: INFO }), [
      true,
      false,
      false,
    ]);
    assert.deepEqual(asked, ['yes', 'no']);
  });

  it('selects a record when the filter returns nothing', () => {
    const filter = (() => undefined) as unknown as () => boolean;
    assert.deepEqual(wanted({ filter }, {}), [true]);
  });

  it('selects a record when the filter throws, and warns once, without the thrown message', () => {
    const filter = () => {
      throw new RangeError('xoxb-secret');
    };
    assert.deepEqual(wanted({ filter }, {}, {}, {}), [true, true, true]);
    assert.equal(diag.warnings.length, 1);
    assert.match(diag.warnings[0] ?? '', /filter threw RangeError/);
    assert.doesNotMatch(diag.all.join(), /secret/);
  });

  it('selects a record when the filter is async, warns once, and ignores its rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const filter = (async () => throwing()) as unknown as () => boolean;
      assert.deepEqual(wanted({ filter }, {}, {}), [true, true]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      process.off('unhandledRejection', listen);
    }
    assert.deepEqual(unhandled, []);
    assert.equal(diag.warnings.length, 1);
    assert.match(diag.warnings[0] ?? '', /must not be async/);
  });

  it('names only the class of an error that user code throws', () => {
    assert.equal(errorClassOf(new TypeError('secret')), 'TypeError');
    assert.equal(errorClassOf(Object.assign(new Error(), { name: 'a secret text' })), 'object');
    assert.equal(errorClassOf('secret'), 'string');
    assert.equal(errorClassOf(undefined), 'undefined');
  });
});
