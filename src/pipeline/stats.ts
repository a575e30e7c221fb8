import {
  type Accounts,
  addCounts,
  type Counts,
  type Diagnostics,
  NO_COUNTS,
  type SlackExporterStats,
} from '../telemetry/index.js';
import type { DestinationPipeline } from './destination.js';
import type { Spooler } from './spooler.js';

/** Returns the counts of all destinations, and of records that were lost in the spool. */
export function statsOf(
  pipelines: readonly DestinationPipeline[],
  spooler: Spooler | undefined,
  diagnostics: Diagnostics,
): SlackExporterStats {
  const destinations: Record<string, Counts> = {};
  for (const pipeline of pipelines) destinations[uniqueName(pipeline.label, destinations)] = pipeline.counts();
  const sums = Object.values(destinations).reduce(addCounts, lostInSpool(spooler));
  return { ...sums, destinations, ...callbackErrorsOf(diagnostics) };
}

function callbackErrorsOf(diagnostics: Diagnostics): Pick<SlackExporterStats, 'callbackErrors'> {
  const callbackErrors = diagnostics.failures();
  return Object.keys(callbackErrors).length === 0 ? {} : { callbackErrors };
}

/** Lost records of earlier processes. They belong to no destination, because their destination cannot be read either. */
function lostInSpool(spooler: Spooler | undefined): Counts {
  const { damaged, expired } = spooler?.lost() ?? { damaged: 0, expired: 0 };
  if (damaged + expired === 0) return NO_COUNTS;
  return addCounts(NO_COUNTS, {
    ...NO_COUNTS,
    accepted: damaged + expired,
    dropped: { spool_damaged: damaged, expired },
  });
}

/** Returns the records that were lost in the spool, for the metrics. The counts are final once the spool is closed. */
export function accountsOf(spooler: Spooler): Accounts {
  const counts = (): Counts => lostInSpool(spooler);
  const closed = (): (() => Counts) => {
    const last = counts();
    return () => last;
  };
  return { counts, closed };
}

/** Adds a number to a label that is taken, because channels of two workspaces can have the same name. */
function uniqueName(label: string, taken: Readonly<Record<string, unknown>>): string {
  let name = label;
  for (let number = 2; Object.hasOwn(taken, name); number++) name = `${label} (${number})`;
  return name;
}
