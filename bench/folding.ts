import { createFingerprint } from '../src/classify/fingerprint.js';
import { resolveOptions } from '../src/config/resolve.js';
import { POLICY } from '../src/groups/lifecycle.js';
import { Outbox } from '../src/groups/outbox.js';
import type { ReadableLogRecord } from '../src/record/otel.js';
import { readRecord } from '../src/record/read-record.js';
import { createRedactor } from '../src/redact/redactor.js';
import { createDiagnostics } from '../src/telemetry/diagnostics.js';
import { systemClock } from '../src/util/clock.js';
import { type Range, rangeOf } from './range.js';

/** What it costs, at export time, to find out which problem a record is about and to count it there: microseconds a record. */
export interface FoldingCost {
  /** A stack of functions none of which was ever in one: once in the life of each. */
  readonly newFunctions: Range;
  /** A stack of twelve frames that was never seen, of functions that were: another way to fail in the same code. */
  readonly firstSight: Range;
  /** The same stack again. */
  readonly secondSight: Range;
}

const fingerprint = createFingerprint(resolveOptions({}, {}).settings, createDiagnostics(systemClock));

/** As many records as the SDK exports at once by default. */
const RECORDS = 512;
const WARM_UP_ROUNDS = 40;
const ROUNDS = 200;

/** Measures by turns, with fresh strings each round, as an app makes them. */
export function foldingCost(): FoldingCost {
  let made = 0;
  const outbox = emptyOutbox();
  const cases = {
    newFunctions: () => recordOf(++made, `Of${made.toString(36)}`),
    firstSight: () => recordOf(++made),
    secondSight: () => recordOf(0),
  };
  const took: Record<keyof typeof cases, number[]> = { newFunctions: [], firstSight: [], secondSight: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of ['newFunctions', 'firstSight', 'secondSight'] as const) {
      const micros = microsOf(Array.from({ length: RECORDS }, cases[name]), outbox);
      if (round >= 0) took[name].push(micros);
    }
  }
  return {
    newFunctions: rangeOf(took.newFunctions),
    firstSight: rangeOf(took.firstSight),
    secondSight: rangeOf(took.secondSight),
  };
}

function microsOf(records: readonly ReadableLogRecord[], outbox: Outbox): number {
  const from = performance.now();
  for (const record of records) {
    const view = readRecord(record);
    outbox.fold(view, fingerprint(record, view));
  }
  return ((performance.now() - from) * 1_000) / records.length;
}

/** As a line has it. Once it is full of problems that wait, further ones are counted in one group. */
function emptyOutbox(): Outbox {
  const redactor = createRedactor({ redact: false, denyAttributes: [] }, { failed: () => {} });
  return new Outbox({
    ...{ clock: systemClock, policy: POLICY, maxGroups: 1_000, hasThreads: true, redactor },
    newId: () => 'bench',
  });
}

/** A record whose stack has that number for each line. */
function recordOf(line: number, suffix = ''): ReadableLogRecord {
  const title = `RangeError: amount ${line} is out of range`;
  const frames = Array.from(
    { length: 12 },
    (_, at) => `    at step${at}${suffix} (/srv/app/src/module${at}${suffix}.js:${line}:13)`,
  );
  return {
    hrTime: [1_767_268_800, 0],
    severityNumber: 17,
    body: 'charge failed',
    attributes: {
      'exception.type': 'RangeError',
      'exception.message': `amount ${line} is out of range`,
      // `join` makes it of one piece. V8's own comes in a few, and who reads it first pays half a microsecond for that.
      'exception.stacktrace': [title, ...frames].join('\n'),
    },
    resource: RESOURCE,
    instrumentationScope: { name: 'bench' },
  };
}

const RESOURCE = { attributes: { 'service.name': 'bench' } };
