import { createFingerprint, createRouter } from '../../../../src/classify/index.js';
import type { Settings } from '../../../../src/config/index.js';
import {
  type ReadableLogRecord,
  readRecord,
  type Sample,
  severityBand,
  toSample,
  whatHappened,
} from '../../../../src/record/index.js';
import { createRedactor } from '../../../../src/redact/index.js';
import type { Diagnostics } from '../../../../src/telemetry/index.js';
import { oneLine, startOf } from '../../../../src/util/index.js';

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
      else if (problems.size < MAX_PROBLEMS) {
        problems.set(name, { title: titleOf(toSample(view, redactor)), records: 1 });
      }
      return true;
    },
    count: () => problems.size,
    mostFrequent: (limit) => [...problems.values()].sort((a, b) => b.records - a.records).slice(0, limit),
  };
}

/** The sample is redacted already, so the cut tears no secret. */
function titleOf(sample: Sample): string {
  const { severityNumber, resource } = sample;
  const parts = [severityBand(severityNumber).name, resource.serviceName, whatHappened(sample)];
  return startOf(oneLine(parts.filter((part) => part).join(' · ')), MAX_TITLE_LENGTH);
}
