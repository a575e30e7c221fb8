import type { Settings } from '../config/index.js';
import { effectiveSeverity, type ReadableLogRecord } from '../record/index.js';
import { callInternal, type Diagnostics, OWN_NAMESPACE } from '../telemetry/index.js';
import { errorClassOf, ignoreRejection, isOwnWork } from '../util/index.js';

/** Returns whether a record is wanted in Slack. Runs for every record in the app's own call, so the cheapest check comes first. */
export type Selector = (record: ReadableLogRecord) => boolean;

/** Creates the selector from the settings. The returned function never throws. */
export function createSelector(settings: Settings, diagnostics: Diagnostics): Selector {
  const { minSeverity, filter } = settings;
  const passesFilter = filter ? guardedFilter(filter, diagnostics) : undefined;
  return (record) => {
    try {
      const { severityNumber } = record;
      const isNumber = typeof severityNumber === 'number' && severityNumber > 0;
      const severity = isNumber ? severityNumber : effectiveSeverity(severityNumber, record.severityText);
      if (severity < minSeverity) return false;
      if (record.instrumentationScope.name === OWN_NAMESPACE) return false;
    } catch {
      // A record whose severity cannot be read is below every threshold.
      return false;
    }
    return passesFilter === undefined || passesFilter(record);
  };
}

function guardedFilter(filter: Selector, diagnostics: Diagnostics): Selector {
  return (record) => {
    // The filter itself has emitted this record.
    if (isOwnWork()) return false;
    try {
      const verdict: unknown = callInternal(filter, record);
      return typeof verdict === 'object' ? passesWithWarning(verdict, diagnostics) : verdict !== false;
    } catch (error) {
      diagnostics.failed('filter', `filter threw ${errorClassOf(error)}; the record is kept. Fix the filter option`);
      return true;
    }
  };
}

/** Passes a record whose filter returned an object. Warns when that is a promise, because its answer comes too late. */
function passesWithWarning(verdict: object | null, diagnostics: Diagnostics): boolean {
  if (ignoreRejection(verdict) instanceof Promise) {
    diagnostics.failed('filter', 'filter returned a promise; the record is kept. The filter option must not be async');
  }
  return true;
}
