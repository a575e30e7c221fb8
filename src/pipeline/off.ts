import type { Selector } from '../gate/index.js';
import { NO_COUNTS } from '../telemetry/index.js';
import type { Pipeline } from './types.js';

/** Creates the pipeline without a destination. It accepts every record and sends none. */
export function createPipelineThatIsOff(select: Selector): Pipeline {
  return {
    isOff: true,
    isSpooled: false,
    select,
    accept: () => true,
    acceptNow: () => {},
    lastWords: () => [],
    lastWordsEnded: () => {},
    leave: () => {},
    refuse: () => {},
    lastResource: () => undefined,
    expedite: () => () => {},
    flush: () => Promise.resolve(true),
    reportLost: () => {},
    close: () => Promise.resolve(),
    stats: () => ({ ...NO_COUNTS, destinations: {} }),
  };
}
