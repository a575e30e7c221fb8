import { createFingerprint, createRouter } from '../../../../src/classify/index.js';
import type { Settings } from '../../../../src/config/index.js';
import { type ReadableLogRecord, type RecordView, readRecord, severityBand } from '../../../../src/record/index.js';
import { createRedactor } from '../../../../src/redact/index.js';
import type { Diagnostics } from '../../../../src/telemetry/index.js';
import { clean, oneLine, startOf } from '../../../../src/util/index.js';

/** A problem and the number of its records. */
export interface Problem {
  /** Severity, service and the start of the message, redacted. */
  readonly title: string;
  records: number;
}

/** Counts records by problem. */
export interface ProblemCounter {
  /** Counts a record; returns false when no route takes it. */
  add(record: ReadableLogRecord): boolean;
  /** The number of problems. */
  count(): number;
  /** The problems with the most records. */
  mostFrequent(limit: number): readonly Problem[];
}

/** Further problems are not counted, which bounds the memory. */
const MAX_PROBLEMS = 20_000;
const MAX_TITLE_LENGTH = 100;

/** Creates a {@link ProblemCounter}. */
export function createProblemCounter(settings: Settings, diagnostics: Diagnostics): ProblemCounter {
  const route = createRouter(settings.routes);
  const fingerprint = createFingerprint(settings, diagnostics);
  const redactor = createRedactor(settings, diagnostics);
  const problems = new Map<string, Problem>();
  return {
    add(record) {
      const view = readRecord(record);
      if (route(view).length === 0) return false;
      const name = fingerprint(record, view);
      const known = problems.get(name);
      if (known !== undefined) known.records++;
      else if (problems.size < MAX_PROBLEMS) problems.set(name, { title: redactor.text(titleOf(view)), records: 1 });
      return true;
    },
    count: () => problems.size,
    mostFrequent: (limit) => [...problems.values()].sort((a, b) => b.records - a.records).slice(0, limit),
  };
}

function titleOf({ severityNumber, exception, eventName, message, resource }: RecordView): string {
  const text = exception?.message ?? message;
  const what = exception?.type === undefined ? (eventName ?? text) : `${exception.type}: ${text}`;
  const title = [severityBand(severityNumber).name, resource.serviceName, what].filter((part) => part).join(' · ');
  return oneLine(clean(startOf(title, MAX_TITLE_LENGTH)));
}
