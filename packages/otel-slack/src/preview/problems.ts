import { createFingerprint } from '../../../../src/classify/fingerprint.js';
import { createRouter } from '../../../../src/classify/router.js';
import type { Settings } from '../../../../src/config/settings.js';
import type { ReadableLogRecord } from '../../../../src/record/otel.js';
import { type RecordView, readRecord } from '../../../../src/record/read-record.js';
import { severityBand } from '../../../../src/record/severity.js';
import { createRedactor } from '../../../../src/redact/redactor.js';
import type { Diagnostics } from '../../../../src/telemetry/diagnostics.js';
import { clean, oneLine, startOf } from '../../../../src/util/text.js';

/** One problem, and how often it came. */
export interface Problem {
  /** Severity, service and the first words, without secrets. */
  readonly title: string;
  records: number;
}

/** Which problems the records are of. */
export interface Problems {
  /** Counts a record; false when no route wants it. */
  add(record: ReadableLogRecord): boolean;
  /** How many there are. */
  count(): number;
  /** Those of which most came. */
  loudest(most: number): readonly Problem[];
}

/** So many are told apart. */
const MOST_PROBLEMS = 20_000;
const LONGEST_TITLE = 100;

/** Makes {@link Problems}. */
export function createProblems(settings: Settings, diagnostics: Diagnostics): Problems {
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
      else if (problems.size < MOST_PROBLEMS) problems.set(name, { title: redactor.text(titleOf(view)), records: 1 });
      return true;
    },
    count: () => problems.size,
    loudest: (most) => [...problems.values()].sort((a, b) => b.records - a.records).slice(0, most),
  };
}

function titleOf({ severityNumber, exception, eventName, message, resource }: RecordView): string {
  const said = exception?.message ?? message;
  const what = exception?.type === undefined ? (eventName ?? said) : `${exception.type}: ${said}`;
  const title = [severityBand(severityNumber).name, resource.serviceName, what].filter((part) => part).join(' · ');
  return oneLine(clean(startOf(title, LONGEST_TITLE)));
}
