import type { Settings } from '../config/index.js';
import type { Pipeline } from '../pipeline/index.js';
import { fatalRecord, type ReadableResource } from '../record/index.js';
import { type Diagnostics, runInternal } from '../telemetry/index.js';
import type { Clock } from '../util/index.js';
import { sendLastWords } from './last-words.js';
import { installProcessHooks } from './process-hooks.js';

/** Options of {@link onProcessEnd}. */
export interface ProcessEndParts {
  readonly settings: Settings;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Passes records in flight to the pipeline, synchronously. */
  readonly drain: () => void;
  /** The resource of the process, used when no record came before. */
  readonly resource?: ReadableResource | undefined;
}

/**
 * Handles a process that ends without a shutdown. With `lastWords`, a thread posts everything pending, including the error
 * that ends the process. With `spool`, the rest is saved for the next process. With neither, no listener is installed. The
 * returned function removes the listeners, after an orderly shutdown.
 */
export function onProcessEnd(parts: ProcessEndParts): () => void {
  const { settings, pipeline, clock, diagnostics, drain, resource: known } = parts;
  if (!(settings.lastWords || settings.spool) || pipeline.isOff) return () => {};
  const warn = (message: string): void => diagnostics.warn('last_words', message);
  return installProcessHooks({
    fatal(error, origin) {
      // Earlier records come first, and their resource applies to the error too.
      drain();
      const resource = pipeline.lastResource() ?? known ?? { attributes: {} };
      pipeline.acceptNow([fatalRecord(error, origin, resource, clock.now())]);
    },
    exited() {
      drain();
      try {
        if (settings.lastWords && runInternal(() => sendLastWords(pipeline.lastWords(), warn)))
          pipeline.lastWordsSent();
      } finally {
        // Everything that is not confirmed is left to the next process.
        pipeline.leaveToNextProcess();
      }
    },
  });
}
