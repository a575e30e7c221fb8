import type { Life } from '../life.js';
import type { Scenario } from '../scenario.js';
import type { Place, PlaceName } from '../slack/place.js';
import type { Timeline } from '../timeline.js';

/** A new problem that must arrive in time. */
export interface Witness {
  readonly place: PlaceName;
  readonly problem: string;
  /** The name of the seat that emitted it. */
  readonly seat: string;
  readonly life: Life;
  readonly emittedAtMillis: number;
}

/** All that the judge knows of a run. */
export interface Facts {
  readonly scenario: Scenario;
  readonly lives: readonly Life[];
  /** The same app without the exporter, at the same time. */
  readonly baseline: Life;
  readonly places: readonly Place[];
  readonly witnesses: readonly Witness[];
  readonly timeline: Timeline;
  /** The texts of the files in the spool, at the end of each life. */
  readonly files: readonly string[];
  readonly secrets: readonly string[];
  /** Samples of `stats()` that do not add up. */
  readonly wrongBooks: readonly Violation[];
  readonly endMillis: number;
}

/** A broken invariant. */
export interface Violation {
  readonly invariant: string;
  readonly expected: string;
  readonly got: string;
}
