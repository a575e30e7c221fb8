import { fingerprint } from '../src/fingerprint.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { readRecord } from '../src/record.js';

/** What it costs, at export time, to find out which problem a record is about: microseconds a record. */
export interface FoldingCost {
  /** A stack of twelve frames that was never seen. */
  readonly firstSightMicros: number;
  /** The same stack again. */
  readonly secondSightMicros: number;
}

const RECORDS = 2_000;
const ROUNDS = 12;

/** Measures with fresh strings each round, as an app makes them. */
export function foldingCost(): FoldingCost {
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const records = Array.from({ length: RECORDS }, (_, at) => recordOf(round * RECORDS + at));
    first.push(microsOf(records));
    const one = Array.from({ length: RECORDS }, () => recordOf(-1));
    second.push(microsOf(one));
  }
  return { firstSightMicros: median(first), secondSightMicros: median(second) };
}

function microsOf(records: readonly ReadableLogRecord[]): number {
  const from = performance.now();
  for (const record of records) fingerprint(readRecord(record));
  return ((performance.now() - from) * 1_000) / records.length;
}

function recordOf(number: number): ReadableLogRecord {
  const frames = Array.from(
    { length: 12 },
    (_, at) => `    at step${at} (/srv/app/src/module${at}.js:${number + 1}:13)`,
  );
  return {
    hrTime: [1_767_268_800, 0],
    severityNumber: 17,
    body: 'charge failed',
    attributes: {
      'exception.type': 'RangeError',
      'exception.message': `amount ${number} is out of range`,
      'exception.stacktrace': [`RangeError: amount ${number} is out of range`, ...frames].join('\n'),
    },
    resource: RESOURCE,
    instrumentationScope: { name: 'bench' },
  };
}

const RESOURCE = { attributes: { 'service.name': 'bench' } };

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN).toFixed(2));
}
