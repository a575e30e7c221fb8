import { createFingerprint } from '../classify/fingerprint.js';
import { createRouter } from '../classify/router.js';
import type { DestinationSettings, Settings } from '../config/settings.js';
import type { ReadableLogRecord } from '../record/otel.js';
import { readRecord } from '../record/read-record.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { DestinationPipeline } from './destination.js';

/** Where records come from. */
export interface RecordSource {
  /** Takes the batch out of flight. Returns the records to accept. */
  arrived(records: readonly ReadableLogRecord[]): readonly ReadableLogRecord[];
  /** How many records one stands for, itself included. */
  countOf(record: ReadableLogRecord): number;
  /** Records that no route wants. */
  unwanted(records: number): void;
}

/**
 * Reads a record once, routes it, fingerprints it, and folds it into the groups of each destination that wants it.
 * Returns false when none does. Never throws.
 */
export type Intake = (record: ReadableLogRecord, count: number, isOpen: boolean) => boolean;

/** Composes the {@link Intake} from the settings, once. */
export function createIntake(
  settings: Settings,
  destinations: ReadonlyMap<DestinationSettings, DestinationPipeline>,
  diagnostics: Diagnostics,
): Intake {
  const route = createRouter(settings.routes);
  const fingerprint = createFingerprint(settings, diagnostics);
  const [first] = [...destinations.values()] as [DestinationPipeline, ...DestinationPipeline[]];
  return (record, count, isOpen) => {
    try {
      const view = readRecord(record);
      const wanting = route(view).map((target) => destinations.get(target) as DestinationPipeline);
      if (wanting.length === 0) return false;
      const name = isOpen ? fingerprint(record, view) : '';
      for (const destination of wanting) {
        if (isOpen) destination.accept(view, name, count);
        else destination.refuse(count, 'shutdown');
      }
    } catch {
      // A record that throws in spite of the guarded reading is counted, and the others of its batch go on.
      first.refuse(count, isOpen ? 'rejected' : 'shutdown');
    }
    return true;
  };
}
