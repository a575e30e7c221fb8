import { createFingerprint, createRouter } from '../classify/index.js';
import type { DestinationSettings, Settings } from '../config/index.js';
import { type ReadableLogRecord, readRecord } from '../record/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import type { DestinationPipeline } from './destination.js';

/** The source of a batch: the gate, or the caller of `export()`. */
export interface RecordSource {
  /**
   * Removes the batch from the records in flight. Calls `accept` for each record to accept, with the number of records
   * that it represents, itself included.
   */
  arrived(records: readonly ReadableLogRecord[], accept: (record: ReadableLogRecord, count: number) => void): void;
  /** Counts records that no route wants. */
  unwanted(records: number): void;
}

/**
 * Reads a record once, routes it, fingerprints it, and folds it into the groups of each destination that wants it.
 * Returns false when none does. Never throws.
 */
export type Intake = (record: ReadableLogRecord, count: number, isOpen: boolean) => boolean;

/** Creates the {@link Intake} from the settings. */
export function createIntake(
  settings: Settings,
  destinations: ReadonlyMap<DestinationSettings, DestinationPipeline>,
  diagnostics: Diagnostics,
): Intake {
  const route = createRouter(settings.routes);
  const fingerprint = createFingerprint(settings, diagnostics);
  const last = [...destinations.values()].at(-1) as DestinationPipeline;
  return (record, count, isOpen) => {
    try {
      const view = readRecord(record);
      const matching = route(view).map((target) => destinations.get(target) as DestinationPipeline);
      if (matching.length === 0) return false;
      const problem = isOpen ? fingerprint(record, view) : '';
      for (const destination of matching) {
        if (isOpen) destination.accept(view, problem, count);
        else destination.refuse(count, 'shutdown');
      }
    } catch {
      // A record that throws despite the guarded reading has no known route. The destination of the top-level options,
      // which is the last one, counts it as dropped; the others of its batch are accepted.
      last.refuse(count, isOpen ? 'rejected' : 'shutdown');
    }
    return true;
  };
}
