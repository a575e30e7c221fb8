import { type FaultKind, selected } from './fault.js';

const HOUR_MILLIS = 3_600_000;
const JUMPS_HOURS: readonly number[] = [-24 * 40, -25, -1, 1, 23, 25, 24 * 40];

/** The longest time that the lookup of a server that does not answer takes, with the settings of most containers. */
const SLOW_LOOKUP_MILLIS = 5_000;

/** Faults of the process and of its machine. */
export const PROCESS_FAULTS: Readonly<Record<string, FaultKind>> = {
  'the process is stopped': {
    disturbs: 'seat',
    create: ({ seat }) => ({ start: () => seat.pause(), stop: () => seat.resume() }),
  },
  'the clock jumps': {
    disturbs: 'nothing',
    create: ({ seat, variant }) => ({
      start: () => seat.tell({ act: 'jump', millis: selected(JUMPS_HOURS, variant) * HOUR_MILLIS }),
      stop: () => seat.tell({ act: 'jump', millis: 0 }),
    }),
  },
  'lookups are slow': {
    disturbs: 'seat',
    create: ({ seat }) => ({
      start: () => seat.tell({ act: 'slow lookups', millis: SLOW_LOOKUP_MILLIS }),
      stop: () => seat.tell({ act: 'slow lookups', millis: 0 }),
    }),
  },
};
