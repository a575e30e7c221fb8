import { type Diagnostics, OWN_NAMESPACE } from './diagnostics.js';
import type { ReadableLogRecord } from './otel.js';
import type { Settings } from './settings.js';
import { effectiveSeverity } from './severity.js';

/** Whether a record is wanted in Slack. Runs in the caller's process for every record: the cheapest question first. */
export type Select = (record: ReadableLogRecord) => boolean;

/** Composes the question from the settings, once. The returned function never throws. */
export function createSelect(settings: Settings, diagnostics: Diagnostics): Select {
  const { minSeverity, filter } = settings;
  const passesFilter = filter ? guardedFilter(filter, diagnostics) : undefined;
  return (record) => {
    try {
      const { severityNumber } = record;
      const severity = severityNumber ? severityNumber : effectiveSeverity(severityNumber, record.severityText);
      if (severity < minSeverity) return false;
      if (record.instrumentationScope.name === OWN_NAMESPACE) return false;
    } catch {
      // A record whose severity cannot be read is below every threshold.
      return false;
    }
    return passesFilter === undefined || passesFilter(record);
  };
}

function guardedFilter(filter: Select, diagnostics: Diagnostics): Select {
  return (record) => {
    try {
      return filter(record) !== false;
    } catch (error) {
      diagnostics.warn('filter', `filter threw ${nameOf(error)}; the record is kept. Mend the filter option`);
      return true;
    }
  };
}

/** What of a stranger's error may be said: its class, not its message, which may hold anything. */
export function nameOf(error: unknown): string {
  return error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : typeof error;
}
