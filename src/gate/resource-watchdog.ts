import type { ReadableLogRecord } from '../record/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { type Clock, countedOf } from '../util/index.js';
import type { Gate } from './gate.js';

/** A resource whose detectors take longer than this will probably never settle. */
const SETTLE_TIMEOUT_MILLIS = 30_000;

/** Warns when the SDK holds records because their resource does not settle. */
export interface ResourceWatchdog {
  /** The gate admitted a record. */
  recordAdmitted(): void;
  end(): void;
}

/**
 * Warns once when the oldest record in flight has waited 30 s for its resource. The SDK exports no record before its
 * resource has settled, and a resource detector may never finish. Without the warning the channel would stay silent and
 * nobody would know why.
 */
export function watchResources(
  gate: Pick<Gate, 'inFlight' | 'coalesced'>,
  clock: Clock,
  diagnostics: Diagnostics,
): ResourceWatchdog {
  let isOver = false;
  let cancel: (() => void) | undefined;

  const watch = (): void => {
    const first = gate.inFlight.first();
    cancel = clock.after(SETTLE_TIMEOUT_MILLIS, () => {
      cancel = undefined;
      const now = gate.inFlight.first();
      if (now === undefined) return;
      if (now === first && waitsForResource(now)) warn();
      else watch();
    });
  };

  const warn = (): void => {
    isOver = true;
    const records = countedOf(gate.inFlight.size + gate.coalesced, 'record');
    diagnostics.warn(
      'unsettled',
      `a resource detector has not settled for 30 s, and the SDK exports no record before that; waiting: ${records}. ` +
        'Find the detector whose promise never settles, or remove it',
    );
  };

  return {
    recordAdmitted() {
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
