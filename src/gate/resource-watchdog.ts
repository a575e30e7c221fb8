import type { ReadableLogRecord } from '../record/otel.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { Clock } from '../util/clock.js';
import { countedOf } from '../util/text.js';
import type { Gate } from './gate.js';

/** A resource whose detectors take longer than that will hardly ever settle. */
const PATIENCE_MILLIS = 30_000;

/** Looks at how long the SDK holds records back. */
export interface UnsettledWatch {
  /** A record was let in. */
  letIn(): void;
  end(): void;
}

/**
 * The SDK hands over nothing before the resource of the records has settled, and a detector may never end: the channel
 * is silent then, and nobody knows why. It is said once, when the first record in transit has waited for that for 30 s.
 */
export function watchResources(
  gate: Pick<Gate, 'inFlight' | 'coalesced'>,
  clock: Clock,
  diagnostics: Diagnostics,
): UnsettledWatch {
  let isOver = false;
  let cancel: (() => void) | undefined;

  const watch = (): void => {
    const first = gate.inFlight.first();
    cancel = clock.after(PATIENCE_MILLIS, () => {
      cancel = undefined;
      const now = gate.inFlight.first();
      if (now === undefined) return;
      if (now === first && waitsForResource(now)) tell();
      else watch();
    });
  };

  const tell = (): void => {
    isOver = true;
    const records = countedOf(gate.inFlight.size + gate.coalesced, 'record');
    diagnostics.warn(
      'unsettled',
      `a resource detector has not settled for 30 s, and until it has the SDK hands over no record; waiting: ${records}. ` +
        'Look for a detector whose promise never settles, or start without it',
    );
  };

  return {
    letIn() {
      if (cancel === undefined && !isOver) watch();
    },
    end() {
      isOver = true;
      cancel?.();
    },
  };
}

function waitsForResource({ resource }: ReadableLogRecord): boolean {
  try {
    return resource.asyncAttributesPending === true;
  } catch {
    return false;
  }
}
