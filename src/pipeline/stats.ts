import type { Diagnostics } from '../telemetry/diagnostics.js';
import { addCounts, type Counts, NO_COUNTS, type SlackExporterStats } from '../telemetry/ledger.js';
import type { Accounts } from '../telemetry/metrics.js';
import type { Line } from './destination.js';
import type { Keeper } from './spooler.js';

/** Of all destinations, with what was lost on the disk. */
export function statsOf(
  lines: readonly Line[],
  keeper: Keeper | undefined,
  diagnostics: Diagnostics,
): SlackExporterStats {
  const destinations: Record<string, Counts> = {};
  for (const line of lines) destinations[uniqueName(line.label, destinations)] = line.counts();
  const sums = Object.values(destinations).reduce(addCounts, lostOnDisk(keeper));
  return { ...sums, destinations, ...callbackErrorsOf(diagnostics) };
}

function callbackErrorsOf(diagnostics: Diagnostics): Pick<SlackExporterStats, 'callbackErrors'> {
  const callbackErrors = diagnostics.failures();
  return Object.keys(callbackErrors).length === 0 ? {} : { callbackErrors };
}

/** What earlier processes had and nobody will ever see: of no destination, because that cannot be read either. */
function lostOnDisk(keeper: Keeper | undefined): Counts {
  const { damaged, expired } = keeper?.lost() ?? { damaged: 0, expired: 0 };
  if (damaged + expired === 0) return NO_COUNTS;
  return addCounts(NO_COUNTS, {
    ...NO_COUNTS,
    accepted: damaged + expired,
    dropped: { spool_damaged: damaged, expired },
  });
}

/** The same for the metrics. They change no more when the spool is closed. */
export function accountsOf(keeper: Keeper): Accounts {
  const counts = (): Counts => lostOnDisk(keeper);
  const closed = (): (() => Counts) => {
    const last = counts();
    return () => last;
  };
  return { counts, closed };
}

/** Two workspaces may each have a channel of one name. */
function uniqueName(label: string, taken: Readonly<Record<string, unknown>>): string {
  let name = label;
  for (let number = 2; Object.hasOwn(taken, name); number++) name = `${label} (${number})`;
  return name;
}
