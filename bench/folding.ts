import { createFingerprint } from '../src/classify/fingerprint.js';
import { resolveOptions } from '../src/config/resolve.js';
import { Outbox } from '../src/groups/outbox.js';
import { POLICY } from '../src/groups/policy.js';
import type { ReadableLogRecord } from '../src/record/otel.js';
import { readRecord } from '../src/record/read-record.js';
import { createRedactor } from '../src/redact/redactor.js';
import { createDiagnostics } from '../src/telemetry/diagnostics.js';
import { systemClock } from '../src/util/clock.js';
import { type Range, rangeOf } from './range.js';

/** The cost of fingerprinting a record and folding it into its group, at export time, in microseconds per record. */
export interface FoldingCost {
  /** A stack whose functions were never in a stack before. */
  readonly newFunctions: Range;
  /** A new stack of twelve frames, with functions that were in other stacks before. */
  readonly newStack: Range;
  /** A stack that was seen before. */
  readonly knownStack: Range;
}

const fingerprint = createFingerprint(resolveOptions({}, {}).settings, createDiagnostics(systemClock));

/** The SDK's default size of a batch. */
const RECORDS = 512;
const WARM_UP_ROUNDS = 40;
const ROUNDS = 200;

/** Measures the cases alternately. Each round has new strings, as in an app. */
export function foldingCost(): FoldingCost {
  let count = 0;
  const outbox = emptyOutbox();
  const cases = {
    newFunctions: () => recordOf(++count, `Of${count.toString(36)}`),
    newStack: () => recordOf(++count),
    knownStack: () => recordOf(0),
  };
  const micros: Record<keyof typeof cases, number[]> = { newFunctions: [], newStack: [], knownStack: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of ['newFunctions', 'newStack', 'knownStack'] as const) {
      const perRecord = microsOf(Array.from({ length: RECORDS }, cases[name]), outbox);
      if (round >= 0) micros[name].push(perRecord);
    }
  }
  return {
    newFunctions: rangeOf(micros.newFunctions),
    newStack: rangeOf(micros.newStack),
    knownStack: rangeOf(micros.knownStack),
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

/** An outbox with the exporter's settings. When it is full of pending groups, it folds further problems into one group. */
function emptyOutbox(): Outbox {
  const redactor = createRedactor({ redact: false, denyAttributes: [] }, { failed: () => {} });
  return new Outbox({
    ...{ clock: systemClock, policy: POLICY, maxGroups: 1_000, hasThreads: true, redactor },
    newId: () => 'bench',
  });
}

/** A record whose stack frames all have this line number. */
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
      // `join` creates a flat string. V8's own stack is a rope, and the first read of a rope costs half a microsecond more.
      'exception.stacktrace': [title, ...frames].join('\n'),
    },
    resource: RESOURCE,
    instrumentationScope: { name: 'bench' },
  };
}

const RESOURCE = { attributes: { 'service.name': 'bench' } };
