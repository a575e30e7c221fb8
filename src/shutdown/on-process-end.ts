import type { Settings } from '../config/settings.js';
import type { Pipeline } from '../pipeline/types.js';
import { fatalRecord } from '../record/fatal-record.js';
import type { ReadableResource } from '../record/otel.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import { runInternal } from '../telemetry/loop-guard.js';
import type { Clock } from '../util/clock.js';
import { sendLastWords } from './last-words.js';
import { installProcessHooks } from './process-hooks.js';

/** What a parting has to do with. */
export interface ProcessEndParts {
  readonly settings: Settings;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Hands over at once what is still on its way to the pipeline. */
  readonly drain: () => void;
  /** Of the process, as long as no record has told it. */
  readonly resource?: ReadableResource | undefined;
}

/**
 * For a process that ends without a shutdown: what is not delivered yet is said by somebody else, or kept for the next
 * start, and so is the error that ends it. The returned function takes that back, because the process ends in order. Nothing is done, and nothing is
 * listened to, unless an option asks for it.
 */
export function onProcessEnd(parts: ProcessEndParts): () => void {
  const { settings, pipeline, clock, diagnostics, drain, resource: known } = parts;
  if (!(settings.lastWords || settings.spool) || pipeline.isOff) return () => {};
  const warn = (message: string): void => diagnostics.warn('last_words', message);
  return installProcessHooks({
    fatal(error, origin) {
      // What came before it comes first, and says who speaks.
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
        // What was not said, or not for sure, is left to the next start.
        pipeline.leaveToNextProcess();
      }
    },
  });
}
