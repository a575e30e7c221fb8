import { deepEqual, equal } from 'node:assert/strict';
import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { resolveOptions } from '../../src/config/resolve.js';
import { createSelector } from '../../src/gate/filter.js';
import { Gate, type GateOptions } from '../../src/gate/gate.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { createDiagnostics, OWN_NAMESPACE } from '../../src/telemetry/diagnostics.js';
import { systemClock } from '../../src/util/clock.js';
import { asOwnWork } from '../../src/util/process-globals.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { ERROR, INFO, record } from '../support/records.js';
import { word } from '../support/words.js';

/** The SDK gives all records of a logger the same object. */
const SCOPE = { name: 'orders' };
const HOOK = { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' };

describe('gate', () => {
  let said: DiagCapture;
  beforeEach(() => {
    said = captureDiag();
  });
  afterEach(() => said.stop());

  function gateWith(options: SlackExporterOptions = {}, overrides: Partial<GateOptions> = {}) {
    const { settings } = resolveOptions({ ...HOOK, ...options }, {});
    const select = createSelector(settings, createDiagnostics(systemClock));
    return new Gate({ ...settings, select, isOff: false, comparesAll: false, ...overrides });
  }

  /** How many records each record of the batch represents. */
  function countsOf(gate: Gate, batch: readonly ReadableLogRecord[]): readonly number[] {
    const counts: number[] = [];
    gate.arrived(batch, (_record, count) => counts.push(count));
    return counts;
  }

  it('admits errors and filters records below the threshold', () => {
    const gate = gateWith();
    equal(gate.admit(record({ severityNumber: ERROR }), ROOT_CONTEXT), true);
    equal(gate.admit(record({ severityNumber: INFO }), ROOT_CONTEXT), false);
    deepEqual([gate.emitted, gate.filtered, gate.accepted, gate.inFlight.size], [2, 1, 1, 1]);
  });

  it('uses the severity text when there is no number, and filters a record with neither', () => {
    const gate = gateWith();
    equal(gate.admit(record({ severityNumber: undefined, severityText: 'critical' }), undefined), true);
    equal(gate.admit(record({ severityNumber: 0, severityText: 'info' }), undefined), false);
    equal(gate.admit(record({ severityNumber: undefined, severityText: undefined }), undefined), false);
    equal(gate.admit(record({ severityNumber: undefined, severityText: 'something else' }), undefined), false);
  });

  it('calls the filter only for records above the threshold', () => {
    const asked: unknown[] = [];
    const gate = gateWith({ filter: (candidate) => asked.push(candidate.body) > 1 });
    equal(gate.admit(record({ severityNumber: INFO, body: 'low' }), undefined), false);
    equal(gate.admit(record({ body: 'first' }), undefined), false);
    equal(gate.admit(record({ body: 'second' }), undefined), true);
    deepEqual(asked, ['first', 'second']);
  });

  it('admits a record whose filter throws, and warns once, without the message of the error', () => {
    const gate = gateWith({
      filter: () => {
        throw new RangeError('secret-in-a-message');
      },
    });
    for (let at = 0; at < 3; at++) equal(gate.admit(record(), undefined), true);
    equal(said.warnings.length, 1);
    equal(said.warnings[0]?.includes('RangeError'), true);
    equal(said.all.join().includes('secret-in-a-message'), false);
  });

  it('filters records of its own scope, of its own context, and those written while it logs through diag', () => {
    const gate = gateWith();
    equal(gate.admit(record({ instrumentationScope: { name: OWN_NAMESPACE } }), undefined), false);
    asOwnWork(() => equal(gate.admit(record(), undefined), false));
    equal(gate.admit(record(), undefined), true);
    equal(gate.filtered, 2);
  });

  it('admits no more than the queue can hold, and drops the rest as queue_full', () => {
    const gate = gateWith({ maxQueueSize: 3 });
    const admitted = Array.from({ length: 5 }, (_, at) => gate.admit(record({ body: word(at) }), undefined));
    deepEqual(admitted, [true, true, true, false, false]);
    deepEqual(gate.dropped, { queue_full: 2 });
    deepEqual([gate.emitted, gate.accepted, gate.filtered], [5, 5, 0]);
  });

  it('coalesces equal records when many are in flight, and counts them with the record in flight', () => {
    const gate = gateWith({ maxQueueSize: 4, maxExportBatchSize: 2 });
    const emit = (body: string): boolean => gate.admit(record({ body, instrumentationScope: SCOPE }), undefined);
    deepEqual(['a', 'b', 'c', 'd', 'c', 'd', 'c', 'e'].map(emit), [true, true, true, true, false, false, false, false]);
    deepEqual([gate.inFlight.size, gate.coalesced, gate.dropped], [4, 3, { queue_full: 1 }]);
    deepEqual(countsOf(gate, gate.inFlight.items()), [1, 1, 3, 2]);
    deepEqual([gate.coalesced, gate.accepted], [0, 8]);
  });

  describe('with large records', () => {
    const text = (start: number): string => `${start} `.repeat(100_000);
    const megabyte = 1_048_576;

    it('A5: queues a cut copy once the large records in flight have a quarter of the bound', () => {
      const gate = gateWith({}, { maxBytes: 4 * megabyte });
      const records = Array.from({ length: 20 }, (_, at) => record({ body: text(at) }));
      deepEqual(new Set(records.map((one) => gate.admit(one, undefined))), new Set([true]));
      const queued = gate.inFlight.items();
      deepEqual([queued[0], queued.at(-1) === records.at(-1)], [records[0], false]);
      const characters = queued.reduce((sum, { body }) => sum + String(body).length, 0);
      equal(characters * 2 < 2 * megabyte, true);
      deepEqual([gate.accepted, gate.dropped], [20, {}]);
    });

    it('A5: queues a large record as it is when it is the only one', () => {
      const gate = gateWith({}, { maxBytes: megabyte });
      const only = record({ body: text(1) });
      gate.admit(only, undefined);
      equal(gate.inFlight.last(), only);
    });

    it('A5: drops as queue_full what exceeds the bound even when it is cut, and admits again once records arrived', () => {
      const gate = gateWith({}, { maxBytes: 100_000 });
      const admitted = Array.from({ length: 40 }, (_, at) => gate.admit(record({ body: text(at) }), undefined));
      const queued = admitted.filter(Boolean).length;
      deepEqual([queued < 40, queued > 2, gate.dropped], [true, true, { queue_full: 40 - queued }]);
      deepEqual(gate.inFlight.size + (gate.dropped.queue_full ?? 0), gate.accepted);
      equal(gate.admit(record({ body: 'small' }), undefined), true, 'small records are not held up');
      countsOf(gate, gate.inFlight.items());
      equal(gate.admit(record({ body: text(1) }), undefined), true);
      equal(gate.inFlight.size, 1);
    });

    it('A5: coalesces equal large records, however few are in flight', () => {
      const gate = gateWith({}, { maxBytes: 2 * megabyte });
      const emit = (): boolean => gate.admit(record({ body: text(1), instrumentationScope: SCOPE }), undefined);
      const admitted = Array.from({ length: 100 }, emit);
      deepEqual([gate.inFlight.size < 10, gate.inFlight.size + gate.coalesced, gate.dropped], [true, 100, {}]);
      const counts = countsOf(gate, gate.inFlight.items());
      deepEqual([counts.reduce((sum, count) => sum + count, 0), admitted.length], [100, 100]);
    });

    it('A5: does not read nested values while no record is in flight', () => {
      let reads = 0;
      const ownKeys = (): string[] => {
        reads++;
        return [];
      };
      const body = new Proxy({}, { ownKeys });
      const gate = gateWith();
      gate.admit(record({ body }), undefined);
      equal(reads, 0);
      gate.admit(record({ body }), undefined);
      equal(reads, 1);
    });
  });

  it('moves records that no route wants from accepted to filtered', () => {
    const gate = gateWith();
    for (const body of ['a', 'b', 'c']) gate.admit(record({ body }), undefined);
    gate.unwanted(2);
    deepEqual([gate.emitted, gate.filtered, gate.accepted], [3, 2, 1]);
  });

  it('drops coalesced records when it closes', () => {
    const gate = gateWith({ maxQueueSize: 2, maxExportBatchSize: 1 });
    for (const body of ['a', 'b', 'b', 'b']) gate.admit(record({ body, instrumentationScope: SCOPE }), undefined);
    equal(gate.close(), 4);
    deepEqual([gate.dropped, gate.coalesced], [{ shutdown: 4 }, 0]);
  });

  it('admits records again once a batch has arrived', () => {
    const gate = gateWith({ maxQueueSize: 1 });
    const first = record();
    gate.admit(first, undefined);
    deepEqual(countsOf(gate, [first]), [1]);
    equal(gate.admit(record(), undefined), true);
  });

  it('drops records in flight when it closes, also if they arrive later', () => {
    const gate = gateWith();
    const late = record();
    gate.admit(late, undefined);
    equal(gate.close(), 1);
    deepEqual(countsOf(gate, [late]), []);
    equal(gate.admit(record(), undefined), false);
    deepEqual(gate.dropped, { shutdown: 2 });
  });

  it('admits nothing when there is no destination', () => {
    const gate = gateWith({}, { isOff: true });
    equal(gate.admit(record(), undefined), false);
    equal(gate.enabled({ context: ROOT_CONTEXT, instrumentationScope: { name: 'x' }, severityNumber: ERROR }), false);
  });

  it('is enabled above the threshold and without a severity number, and disabled below the threshold', () => {
    const gate = gateWith();
    const enabled = (severityNumber?: number): boolean =>
      gate.enabled({ context: ROOT_CONTEXT, instrumentationScope: { name: 'x' }, severityNumber });
    deepEqual([enabled(INFO), enabled(ERROR), enabled(undefined), enabled(0)], [false, true, true, true]);
  });

  it('does not throw when every field of a record throws, or when the context throws', () => {
    const gate = gateWith();
    const poisoned = new Proxy({} as ReadableLogRecord, {
      get: () => {
        throw new Error('poison');
      },
    });
    equal(gate.admit(poisoned, undefined), false);
    const context = {
      getValue: () => {
        throw new Error('poison');
      },
    } as unknown as Context;
    equal(gate.admit(record(), context), true);
    equal(gate.emitted, gate.filtered + gate.accepted);
  });
});
