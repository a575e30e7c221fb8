import type { FaultScript } from '../faults/index.js';
import type { EventStream } from './events.js';
import type { PageSources } from './reads.js';

/** What the page is made of. */
export interface PageParts extends PageSources {
  readonly faults: FaultScript;
  readonly events: EventStream;
  /** Forgets messages, requests and rates. */
  readonly clear: () => void;
}
