import type { FaultScript } from '../faults/index.js';
import type { EventStream } from './events.js';
import type { PageSources } from './reads.js';

/** The parts of an inbox that the page's requests use. */
export interface PageParts extends PageSources {
  readonly faults: FaultScript;
  readonly events: EventStream;
  /** Deletes messages and requests, and resets the rates. */
  readonly clear: () => void;
}
