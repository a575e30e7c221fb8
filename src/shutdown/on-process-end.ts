import type { Settings } from '../config/index.js';
import type { Pipeline } from '../pipeline/index.js';
import { fatalRecord, type ReadableResource } from '../record/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { type Clock, guarded } from '../util/index.js';
import { endAgain, installProcessHooks, isOver, type ProcessHooks } from './process-hooks.js';

/** Options of {@link onProcessEnd}. */
export interface ProcessEndParts {
  readonly settings: Settings;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Passes records in flight to the pipeline, synchronously. */
  readonly drain: () => void;
  /** Drops all further records and counts them. */
  readonly refuse: () => void;
  /** The resource of the process, used when no record came before. */
  readonly resource?: ReadableResource | undefined;
}

/** Records after the last words may block the end of the process for this long in all, in milliseconds. */
const MAX_LATE_MILLIS = 2_000;

/** Handles the end of the process for one exporter. */
export interface ProcessEnd {
  /** A record was accepted. After the last words of the process it is sent or saved at once. */
  recordAccepted(): void;
  /** Removes the listeners, after an orderly shutdown. */
  remove(): void;
}

/** For an exporter that has nothing to do at the end. */
const NOTHING: ProcessEnd = { recordAccepted: () => {}, remove: () => {} };

/**
 * Handles a process that ends without a shutdown. With `lastWords`, a thread posts everything pending, including the error
 * that ends the process. With `spool`, the rest is saved for the next process. With neither, no listener is installed.
 */
export function onProcessEnd(parts: ProcessEndParts): ProcessEnd {
  const { settings, pipeline, clock, diagnostics, drain, refuse, resource: known } = parts;
  if (!(settings.lastWords || settings.spool) || pipeline.isOff) return NOTHING;
  let isEnding = false;
  let spentMillis = 0;
  const hooks: ProcessHooks = {
    fatal(error, origin) {
      // Earlier records come first, and their resource applies to the error too.
      drain();
      const resource = pipeline.lastResource() ?? known ?? { attributes: {} };
      pipeline.acceptNow([fatalRecord(error, origin, resource, clock.now())]);
    },
    lastWords() {
      drain();
      return settings.lastWords ? pipeline.lastWords() : [];
    },
    ended(results) {
      pipeline.lastWordsEnded(results);
      pipeline.leave();
    },
    warn: (message) => diagnostics.warn('last_words', message),
  };
  const remove = installProcessHooks(hooks);
  return {
    recordAccepted() {
      // A record that is emitted meanwhile must not begin this again.
      if (isEnding || !isOver()) return;
      isEnding = true;
      const startMillis = clock.monotonic();
      guarded(() => endAgain(hooks));
      isEnding = false;
      spentMillis += clock.monotonic() - startMillis;
      if (spentMillis > MAX_LATE_MILLIS) refuse();
    },
    remove,
  };
}
